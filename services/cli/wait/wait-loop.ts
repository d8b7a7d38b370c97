import { partsOfService } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import {
  ecsOnlyResultOf,
  rolloutMeant,
  rolloutOfDeployment,
  type WaitEnd,
  type WaitResult,
  waitResultOf,
} from '../../../state-machines/service/history/wait-answer';
import type { WaitingClock } from '../../runtime/clock';
import { localTime } from '../session/relative-time';
import { standingSentence } from '../session/rollouts/rollout-standing';
import { readRollouts, readServiceState, type Session } from '../session/session';
import { unansweredAsk } from '../terminal/aws-options';
import { CommandError } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';
import { linesFor } from '../terminal/text-layout';
import type { WaitAnchor } from './wait-anchor';

export interface EndedWait {
  readonly result: WaitResult | 'timedOut';
  readonly record: RolloutRecord | null;
}

export interface WaitLimits {
  readonly until: WaitEnd;
  /** Seconds. */
  readonly timeout: number;
  readonly ecsOnly?: true;
}

interface WaitParts {
  readonly session: Session;
  readonly options: WaitLimits;
  readonly clock: WaitingClock;
}

/** What one look has shown; the start of the rollout holds from the first that showed it on. */
interface Progress {
  readonly record: RolloutRecord | null;
  readonly endedUntoldSince: Instant | null;
  readonly told: string;
}

const rolloutsRead = 30;

/**
 * Looks every two seconds, later every ten, until the rollout has ended or the time is over. What
 * AWS does not answer is asked again, and said once.
 */
export async function waitFor(
  anchor: WaitAnchor,
  { session, options, clock }: WaitParts,
): Promise<EndedWait> {
  const startedAt = clock.now();
  const endsAt = startedAt + options.timeout * 1000;
  let progress: Progress = { record: null, endedUntoldSince: null, told: '' };
  let isSilent = false;
  for (;;) {
    const looked = await look(anchor, { session, options, clock }, progress).catch(unansweredAsk);
    if (looked instanceof CommandError) {
      if (!isSilent) say(`${looked.message}; it is asked again`);
    } else if (looked.result !== null) return { result: looked.result, record: looked.progress.record };
    else ({ progress } = looked);
    isSilent = looked instanceof CommandError;
    const now = clock.now();
    if (now >= endsAt) return { result: 'timedOut', record: progress.record };
    const pause = (now - startedAt < 60_000 ? 2000 : 10_000) * (0.9 + Math.random() * 0.2);
    await clock.wait(Math.min(pause, endsAt - now));
  }
}

async function look(anchor: WaitAnchor, { session, options, clock }: WaitParts, before: Progress) {
  const now = instantFrom(Math.round(clock.now()));
  const record = await recordFor(anchor, session, before.record);
  const rolloutState = await stateInEcs(anchor, session);
  const isUntold = record === null && rolloutState !== 'IN_PROGRESS';
  const endedUntoldSince = isUntold ? (before.endedUntoldSince ?? now) : null;
  const ecs = { rolloutState, endedUntoldSince };
  const result = options.ecsOnly
    ? ecsOnlyResultOf(ecs)
    : waitResultOf({ record, ecs, until: options.until, now });
  const told =
    session.log === null && !options.ecsOnly
      ? 'no log of Rewind is here'
      : sentenceOf(record, rolloutState, now);
  if (told !== before.told) {
    for (const line of linesFor(process.stderr, `${localTime(now)}  ${told}`)) say(line);
  }
  return { result, progress: { record, endedUntoldSince, told } };
}

function sentenceOf(record: RolloutRecord | null, rolloutState: string | null, now: Instant): string {
  if (record === null) return `ECS: ${rolloutState ?? 'shows it no more'}; the log has not told of it yet`;
  return standingSentence(record, now);
}

/** The rollout of the anchor: the same one at every look, once the log has told of it. */
async function recordFor(
  { service, deployment, isNamed }: WaitAnchor,
  { log }: Session,
  known: RolloutRecord | null,
): Promise<RolloutRecord | null> {
  if (log === null) return null;
  const state = await readServiceState(log, service);
  const records = await readRollouts(log, { service, state, atMost: rolloutsRead });
  if (known !== null) {
    const isSame = (one: RolloutRecord) =>
      one.deployment === known.deployment && one.startedAt === known.startedAt;
    return records.find(isSame) ?? known;
  }
  return isNamed ? rolloutOfDeployment(records, deployment) : rolloutMeant(records, deployment);
}

/** COMPLETED, FAILED, IN_PROGRESS; null where ECS shows the deployment no more. */
async function stateInEcs({ service, deployment }: WaitAnchor, { clients }: Session): Promise<string | null> {
  const { describeOwnService } = await import('../../aws/operator/own-service');
  const { askAws } = await import('../terminal/aws-options');
  const described = await askAws('ECS', () => describeOwnService(clients.ecs(), partsOfService(service)));
  return described?.deployments?.find(({ id }) => id === deployment)?.rolloutState ?? null;
}
