import { decide, type RollBack, type Situation } from '../decisions/decide';
import { awaitsEcs, reject } from '../decisions/decide-rollback';
import {
  decidedIn,
  decisionOn,
  failureOf,
  giveUp,
  isUnfinished,
  recordThat,
} from '../decisions/decision-events';
import type { DecidedEvent, RollbackIssued, RolloutConcluded } from '../log/decided-events';
import { defaultPolicy } from '../log/policy';
import { isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import type { ServiceState } from '../service/service-state';
import type { LearntEvent } from './recorded-stream';

/**
 * Where a decision made again is not the one that was recorded: the first field of all, in
 * alphabetical order.
 */
export interface Difference {
  /** `verdict.message`, or an empty text for the decision as a whole. */
  readonly field: string;
  readonly recorded: unknown;
  readonly recomputed: unknown;
}

/**
 * Makes a decision again, from the state that its events fold to and from what it says that ECS,
 * the alarms and the clock showed. What only ECS's answer to a call could tell (its request id, its
 * refusal) is taken as recorded. Null when it comes out the same. Pure.
 */
export function recompute(state: ServiceState, learnt: LearntEvent<DecidedEvent>): Difference | null {
  const { digest: _digest, ...recorded } = learnt.event;
  const situation = situationOf(state, learnt);
  const remade = remakeOrSay(situation, learnt.event);
  if (typeof remade === 'string') return { field: '', recorded: learnt.event.type, recomputed: remade };
  return firstDifference(recorded, remade, '');
}

function situationOf(state: ServiceState, { event, recordedAt }: LearntEvent<DecidedEvent>): Situation {
  const live = rolloutOf(state, event);
  return {
    state,
    observed: event.madeWith.observed ?? null,
    now: event.madeWith.decidedAt ?? recordedAt,
    owner: event.type === 'RollbackRequested' ? event.owner : (live?.recorded.attempt?.owner ?? ''),
    alarms: 'alarms' in event ? event.alarms : null,
    // Had ECS shown anything new, that would have been learnt instead.
    news: event.type === 'BakeElapsed' && event.isBlind ? 'refused' : [],
    policy: event.type === 'RolloutOpened' ? event.policy : (live?.context.policy ?? defaultPolicy),
  };
}

function rolloutOf({ rollouts }: ServiceState, event: DecidedEvent): LiveRollout | undefined {
  return rollouts.find((live) => isSameRollout(live, event));
}

/** The event of the same decision made again; a sentence where another one, or none, is made. */
function remakeOrSay(situation: Situation, event: DecidedEvent): DecidedEvent | string {
  const live = rolloutOf(situation.state, event);
  if (live !== undefined && isDenial(situation, live, event))
    return answered(situation, live, { event, call: null });
  const givenUp = isGivenUp(situation, live, event) ? giveUp(situation.state, event.message) : null;
  if (givenUp !== null) return decidedIn(situation, givenUp).event;
  try {
    const decision = decide(situation);
    if (decision.action === 'record') return decision.event;
    if (decision.action !== 'rollBack') return `nothing to decide: ${decision.because}`;
    return live === undefined ? decision.because : answered(situation, live, { event, call: decision });
  } catch (error) {
    // What a decision cannot do without was not there: an invariant of decide.
    return (error as Error).message;
  }
}

/** ECS did not even let itself be looked at: the one decision that is made instead of deciding. */
function isDenial({ observed, ...moment }: Situation, live: LiveRollout, event: DecidedEvent): boolean {
  return event.type === 'RollbackRejected' && observed === null && awaitsEcs(live, moment);
}

/** Nobody had said how ECS is reached: the rollout was given up instead of deciding. */
function isGivenUp(
  { observed }: Situation,
  live: LiveRollout | undefined,
  event: DecidedEvent,
): event is RolloutConcluded {
  if (event.type !== 'RolloutConcluded' || live === undefined) return false;
  return event.outcome === 'abandoned' && observed === null && isUnfinished(live);
}

/** What is recorded of ECS's answer to a call, given that answer. */
function answered(
  situation: Situation,
  live: LiveRollout,
  { event, call }: { readonly event: DecidedEvent; readonly call: RollBack | null },
): DecidedEvent | string {
  if (event.type === 'RollbackRejected') {
    const { reason, message } = event;
    return decidedIn(situation, reject(situation, live, { reason, message })).event;
  }
  if (event.type !== 'RollbackIssued' || call === null) return `a call of ECS: ${call?.because}`;
  return decidedIn(situation, recordThat(issued(situation, live, { event, call }), call.because)).event;
}

function issued(
  { state, now }: Situation,
  live: LiveRollout,
  { event, call }: { readonly event: RollbackIssued; readonly call: RollBack },
): RollbackIssued {
  const { rollbackDeployment, requestId, carriedOver } = event;
  return decisionOn<'RollbackIssued'>(state, live, {
    type: 'RollbackIssued',
    cause: failureOf(live),
    attempt: call.attempt,
    method: call.method,
    issuedAt: now,
    target: call.target,
    rollbackDeployment,
    requestId,
    ...(carriedOver === undefined ? {} : { carriedOver }),
  });
}

function firstDifference(recorded: unknown, recomputed: unknown, field: string): Difference | null {
  if (!isObject(recorded) || !isObject(recomputed)) {
    return recorded === recomputed ? null : { field, recorded, recomputed };
  }
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(recomputed)])].sort();
  for (const key of keys) {
    const path = field === '' ? key : `${field}.${key}`;
    const difference = firstDifference(recorded[key], recomputed[key], path);
    if (difference !== null) return difference;
  }
  return null;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
