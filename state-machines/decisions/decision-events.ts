import type { DecidedEvent, Outcome, Reason } from '../log/decided-events';
import type { EventId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { ObservedService } from '../log/observed-service';
import { decisionIdAfter } from '../log/position';
import { rolloutKey } from '../log/rollout-id';
import { isLive, type LiveRollout } from '../rollout/live-rollout';
import type { ServiceState } from '../service/service-state';
import { madeWith } from './made-with';

/** The event that caused a decision: the decision stands directly behind it in the log. */
export interface DecisionCause {
  readonly eventId: EventId;
  readonly at: Instant;
}

/** Append the event, and look again. */
export interface RecordDecision {
  readonly action: 'record';
  readonly event: DecidedEvent;
  readonly because: string;
}

export function recordThat(event: DecidedEvent, because: string): RecordDecision {
  return { action: 'record', event, because };
}

/** The decision with what it was made from beside the log, so that it can be made again. */
export function decidedIn(
  { now, observed }: { readonly now: Instant; readonly observed: ObservedService | null },
  decision: RecordDecision,
): RecordDecision {
  const { event } = decision;
  const madeWith = { ...event.madeWith, decidedAt: now, ...(observed === null ? {} : { observed }) };
  return { ...decision, event: { ...event, madeWith } };
}

type Given<Event> = Event extends DecidedEvent
  ? Omit<Event, 'id' | 'service' | 'occurredAt' | 'deployment' | 'startedAt' | 'madeWith'>
  : never;

/**
 * Makes a decided event on a rollout. The same cause and decision give the same key, so that it can
 * be written only once; the rollout belongs to it, since one event can end two of them. The kind
 * stands last: the stream's filters go by it.
 */
export function decisionOn<Type extends DecidedEvent['type']>(
  state: ServiceState,
  { context: { deployment, startedAt, policy } }: LiveRollout,
  { cause, ...given }: Given<Extract<DecidedEvent, { type: Type }>> & { type: Type; cause: DecisionCause },
): Extract<DecidedEvent, { type: Type }> {
  return {
    ...given,
    id: decisionIdAfter(cause.eventId, `${rolloutKey({ deployment, startedAt })}.${rankOf(given)}`),
    service: state.service,
    occurredAt: cause.at,
    deployment,
    startedAt,
    madeWith: madeWith(state, policy),
  } as unknown as Extract<DecidedEvent, { type: Type }>;
}

/**
 * Decisions with the same cause stand in the order in which they are made: the verdict, the
 * attempts, what became of the rollback, the end. Issued, adopted and rejected share a key: of a
 * rollback only one of them can ever be recorded.
 */
function rankOf(given: { readonly type: DecidedEvent['type']; readonly attempt?: number }): string {
  switch (given.type) {
    case 'VerdictReached':
      return '1.VerdictReached';
    case 'RollbackRequested':
      return `2.${String(given.attempt).padStart(2, '0')}.RollbackRequested`;
    case 'RollbackIssued':
    case 'RollbackAdopted':
    case 'RollbackRejected':
      return '3.Rollback';
    case 'RolloutConcluded':
      return '9.RolloutConcluded';
    default:
      return `0.${given.type}`;
  }
}

/** The conclusion of a rollout that has failed and has nowhere to go back to. */
export function concludeWithoutTarget(state: ServiceState, live: LiveRollout) {
  const { verdict } = live.context;
  const cause = verdict === null ? openingOf(live) : { eventId: verdict.eventId, at: verdict.at };
  const outcome: Outcome = 'noSafeTarget';
  const reason: Reason = verdict?.reason ?? 'NativeFailure';
  const message = 'no task definition has proven itself here that could be gone back to';
  return decisionOn<'RolloutConcluded'>(state, live, {
    type: 'RolloutConcluded',
    cause,
    outcome,
    reason,
    eventId: cause.eventId,
    message,
  });
}

/** The event at which the rollout was first heard of, as a cause. */
export function openingOf({ context }: LiveRollout): DecisionCause {
  return { eventId: context.startedBy, at: context.startedAt };
}

/** Ends a rollout whose way back has become void. */
export function concludeRollback(
  state: ServiceState,
  live: LiveRollout,
  { outcome, message }: { readonly outcome: 'superseded' | 'abandoned'; readonly message: string },
): RecordDecision {
  const cause = failureOf(live);
  const event = decisionOn<'RolloutConcluded'>(state, live, {
    type: 'RolloutConcluded',
    cause,
    outcome,
    reason: outcome === 'superseded' ? 'Superseded' : 'Operator',
    eventId: cause.eventId,
    message,
  });
  return recordThat(event, message);
}

/**
 * Gives up the first rollout that nobody can follow any further without ECS, which is out of reach
 * for good; null when there is none.
 */
export function giveUp(state: ServiceState, message: string): RecordDecision | null {
  const live = state.rollouts.find(isUnfinished);
  return live === undefined ? null : concludeRollback(state, live, { outcome: 'abandoned', message });
}

/**
 * Whether ECS has a say in what becomes of the rollout: what is left of the others is to be written
 * down.
 */
export function isUnfinished(live: LiveRollout): boolean {
  return isLive(live) || !live.recorded.opened;
}

/** The event that tipped the rollout's verdict, as the cause of what follows from it. */
export function failureOf({ context: { verdict, because } }: LiveRollout): DecisionCause {
  return verdict === null ? because : { eventId: verdict.eventId, at: verdict.at };
}
