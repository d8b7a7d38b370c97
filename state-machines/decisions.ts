import type { DecidedEvent, Outcome, Reason } from './events';
import type { EventId, Instant } from './identifiers';
import type { LiveRollout } from './live-rollout';
import { policyVersion } from './policy';
import { decisionIdAfter } from './position';
import { reducerVersion } from './reducer-version';
import type { ServiceState } from './service-state';

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

type Given<Event> = Event extends DecidedEvent
  ? Omit<Event, 'id' | 'service' | 'occurredAt' | 'deployment' | 'startedAt' | 'madeWith'>
  : never;

/** Makes a decided event on a rollout. The same cause and decision give the same key, so that it can be written only once. */
export function decisionOn<Type extends DecidedEvent['type']>(
  { service, eventsSeen }: ServiceState,
  { context: { deployment, startedAt, policy } }: LiveRollout,
  { cause, ...given }: Given<Extract<DecidedEvent, { type: Type }>> & { type: Type; cause: DecisionCause },
): Extract<DecidedEvent, { type: Type }> {
  return {
    ...given,
    id: decisionIdAfter(cause.eventId, `${rankOf(given)}.${given.type}`),
    service,
    occurredAt: cause.at,
    deployment,
    startedAt,
    madeWith: { reducerVersion, policyVersion: policyVersion(policy), eventsSeen },
  } as unknown as Extract<DecidedEvent, { type: Type }>;
}

/** Decisions with the same cause stand in the order in which they are made: the verdict, each attempt and its result, the end. */
function rankOf(given: { readonly type: DecidedEvent['type']; readonly attempt?: number }): string {
  const ranks: { readonly [type in DecidedEvent['type']]?: number } = {
    VerdictReached: 1,
    RolloutConcluded: 9,
  };
  if (given.attempt === undefined) return `${ranks[given.type] ?? 0}`;
  return `2.${given.attempt}.${given.type === 'RollbackRequested' ? 0 : 1}`;
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
