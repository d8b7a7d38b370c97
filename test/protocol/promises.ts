import type { RewindEvent } from '../../state-machines/log/events';
import { deploymentId } from '../state-machines/story';
import type { ProtocolState } from './state';

/** What must hold in every state, in words that know nothing of the code. */
const promises: { readonly [promise: string]: (state: ProtocolState) => boolean } = {
  'at most one rollback takes effect': ({ ecs }) => ecs.value.effects.length <= 1,
  'only the judged deployment is taken back': ({ ecs }) =>
    ecs.value.effects.every(({ takenBack }) => takenBack === 2),
  'the service goes back to what proved itself': ({ ecs }) =>
    ecs.value.effects.every(({ revision }) => revision === 1),
  'a rollout has one verdict': ({ log }) => count(log.value, 'VerdictReached') <= 1,
  'a pass is revoked once': ({ log }) => count(log.value, 'PassRevoked') <= 1,
  'a rollout has one conclusion, and one more where its pass was revoked': ({ log }) =>
    count(log.value, 'RolloutConcluded') <= 1 + count(log.value, 'PassRevoked'),
  'the log tells once what became of a rollback': ({ log }) =>
    count(log.value, 'RollbackIssued') +
      count(log.value, 'RollbackAdopted') +
      count(log.value, 'RollbackRejected') <=
    1,
};

function count(log: readonly RewindEvent[], type: RewindEvent['type']): number {
  return log.filter(
    (event) => event.type === type && 'deployment' in event && event.deployment === deploymentId(2),
  ).length;
}

/** The promises that the state breaks. */
export function brokenIn(state: ProtocolState): string[] {
  return Object.entries(promises).flatMap(([promise, isKept]) => (isKept(state) ? [] : [promise]));
}

/**
 * Whether the failed rollout is over and nothing is left to be told, or the clock has come to its
 * end, so that a lease can no longer run out.
 */
export function isEnd({ log, untold, tick, clock }: ProtocolState): boolean {
  return tick === clock.ticks || (untold.value.length === 0 && count(log.value, 'RolloutConcluded') > 0);
}
