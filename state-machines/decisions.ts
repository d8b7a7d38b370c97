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

type Given<Event> = Event extends DecidedEvent
  ? Omit<Event, 'id' | 'service' | 'occurredAt' | 'deployment' | 'startedAt' | 'madeWith'>
  : never;

/** Makes a decided event on a rollout. The same cause and decision give the same key, so that it can be written only once. */
export function decisionOn<Type extends DecidedEvent['type']>(
  { service, eventsSeen }: ServiceState,
  { context: { deployment, startedAt, policy } }: LiveRollout,
  { cause, ...given }: Given<Extract<DecidedEvent, { type: Type }>> & { type: Type; cause: DecisionCause },
): Extract<DecidedEvent, { type: Type }> {
  const attempt = 'attempt' in given && given.attempt !== undefined ? `~${given.attempt}` : '';
  return {
    ...given,
    id: decisionIdAfter(cause.eventId, `${given.type}${attempt}`),
    service,
    occurredAt: cause.at,
    deployment,
    startedAt,
    madeWith: { reducerVersion, policyVersion: policyVersion(policy), eventsSeen },
  } as unknown as Extract<DecidedEvent, { type: Type }>;
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
