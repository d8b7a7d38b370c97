import type { DecidedEvent, Outcome, RollbackRejected, RolloutConcluded } from '../log/decided-events';
import type { EventId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { decisionIdAfter } from '../log/position';
import { rolloutKey } from '../log/rollout-id';
import type { WayBack } from '../log/way-back';
import type { LiveRollout } from '../rollout/live-rollout';
import { madeWith } from '../service/made-with';
import type { ServiceState } from '../service/service-state';
import { type RecordDecision, recordThat } from './decision';
import type { Situation } from './situation';

/** The event that caused a decision: the decision stands directly behind it in the log. */
interface DecisionCause {
  readonly eventId: EventId;
  readonly at: Instant;
}

interface DecisionKind<Type extends DecidedEvent['type']> {
  readonly type: Type;
  readonly cause: DecisionCause;
  /** The number of the attempt that a request begins; 1 for what completes an opening. */
  readonly attempt?: number;
}

/**
 * What every decided event on a rollout carries. The same cause and type give the same key, so that
 * a decision can be written only once; the rollout belongs to the key, since one event can end two
 * of them. The kind stands last: the filters of the stream go by it.
 */
export function decisionFact<Type extends DecidedEvent['type']>(
  state: ServiceState,
  { context }: LiveRollout,
  { type, cause, attempt = 0 }: DecisionKind<Type>,
) {
  const { deployment, startedAt, policy, verdict } = context;
  const isAgain = type === 'RolloutConcluded' && verdict?.revokes !== undefined;
  const rank = isAgain ? rankOfSecondConclusion : rankOf(type, attempt);
  return {
    type,
    id: decisionIdAfter(cause.eventId, `${rolloutKey(context)}.${rank}`),
    service: state.service,
    occurredAt: cause.at,
    deployment,
    startedAt,
    madeWith: madeWith(state, policy),
  };
}

/**
 * Decisions with the same cause stand in the order in which they are made: the verdict, the
 * attempts, what became of the rollback, the end. Issued, adopted and rejected share a key: of a
 * rollback only one of them can ever be recorded.
 */
function rankOf(type: DecidedEvent['type'], attempt: number): string {
  switch (type) {
    case 'VerdictReached':
    case 'PassRevoked':
      return `1.${type}`;
    case 'RollbackRequested':
      return `2.${String(attempt).padStart(2, '0')}.RollbackRequested`;
    case 'RollbackIssued':
    case 'RollbackAdopted':
    case 'RollbackRejected':
      return '3.Rollback';
    case 'RolloutConcluded':
      return '9.RolloutConcluded';
    case 'GateDecided':
    case 'TestBegun':
      return `1.${type}`;
    case 'GateAnswered':
    case 'GateOvertaken':
    case 'TestEnded':
      return `2.${type}`;
    case 'RolloutOpened':
      // A second one completes what was opened without a look at ECS.
      return attempt === 0 ? '0.RolloutOpened' : '0.RolloutOpened.Completed';
    case 'AnalysisPlanned':
    case 'MeasurementTaken':
    case 'AlarmsChecked':
    case 'BakeElapsed':
    case 'DeadlineElapsed':
    case 'StallElapsed':
    case 'HoldElapsed':
    case 'SightLost':
    case 'VerdictPostponed':
    case 'SuspicionLifted':
    case 'GateHeld':
      return `0.${type}`;
    default:
      return type satisfies never;
  }
}

/** A conclusion that follows a revoked pass. */
const rankOfSecondConclusion = '9.Revoked.RolloutConcluded';

/** The decision with what it was made from beside the log, so that it can be made again. */
export function decidedIn({ now, seen }: Situation, decision: RecordDecision): RecordDecision {
  const { event } = decision;
  const answer = seen.service?.answer;
  const observed = answer?.kind === 'shown' ? { observed: answer.shown.observed } : {};
  return { ...decision, event: { ...event, madeWith: { ...event.madeWith, decidedAt: now, ...observed } } };
}

/** A way back as a decision records it. */
export function recordedTarget({ taskDefinition, serviceRevision, images }: WayBack) {
  return {
    target: taskDefinition,
    ...(serviceRevision === null ? {} : { serviceRevision }),
    ...(images === null ? {} : { images }),
  };
}

/** The event at which the rollout was first heard of, as a cause. */
export function openingOf({ context }: LiveRollout): DecisionCause {
  return { eventId: context.startedBy, at: context.startedAt };
}

/** The event that tipped the rollout's verdict, as the cause of what follows from it. */
export function failureOf({ context: { verdict, transitionCause } }: LiveRollout): DecisionCause {
  return verdict === null ? transitionCause : { eventId: verdict.eventId, at: verdict.at };
}

/** What the request of the next attempt carries: whoever begins that has its key. */
export function nextAttempt(state: ServiceState, live: LiveRollout) {
  const attempt = (live.recorded.attempt?.number ?? 0) + 1;
  return {
    ...decisionFact(state, live, { type: 'RollbackRequested', cause: failureOf(live), attempt }),
    attempt,
  };
}

/** The refusal of ECS, or of Rewind itself, to roll back: final, and announced. */
export function reject(
  { state, now }: Pick<Situation, 'state' | 'now'>,
  live: LiveRollout,
  refusal: { readonly reason: string; readonly message: string },
): RecordDecision {
  const event: RollbackRejected = {
    ...decisionFact(state, live, { type: 'RollbackRejected', cause: failureOf(live) }),
    attempt: live.recorded.attempt?.number ?? 0,
    rejectedAt: now,
    reason: refusal.reason,
    message: refusal.message,
  };
  return recordThat(event, `${refusal.reason}: ${refusal.message}`);
}

/** The conclusion of a rollout that has failed and has nowhere to go back to. */
export function concludeWithoutTarget(
  state: ServiceState,
  live: LiveRollout,
  hindrance: string | null,
): RolloutConcluded {
  const { verdict } = live.context;
  const cause = verdict === null ? openingOf(live) : { eventId: verdict.eventId, at: verdict.at };
  return {
    ...decisionFact(state, live, { type: 'RolloutConcluded', cause }),
    outcome: 'noSafeTarget',
    reason: verdict?.reason ?? 'NativeFailure',
    eventId: cause.eventId,
    message: hindrance ?? 'no task definition has proven itself here that could be gone back to',
  };
}

/** Ends a rollout whose way back has become void. */
export function concludeRollback(
  situation: Pick<Situation, 'state' | 'owner'>,
  live: LiveRollout,
  {
    outcome,
    message,
  }: { readonly outcome: Extract<Outcome, 'superseded' | 'abandoned'>; readonly message: string },
): RecordDecision {
  const cause = failureOf(live);
  const event: RolloutConcluded = {
    ...decisionFact(situation.state, live, { type: 'RolloutConcluded', cause }),
    outcome,
    reason: outcome === 'superseded' ? 'Superseded' : 'Operator',
    eventId: cause.eventId,
    message,
    ...untoldAttempt(situation, live, message),
  };
  return recordThat(event, event.message);
}

/**
 * An attempt of which nobody has told what became of it may have taken effect: people are told, and
 * the budget counts it. Whoever begins an attempt and lives on knows.
 */
export function untoldAttempt(
  { owner }: Pick<Situation, 'owner'>,
  { recorded: { attempt } }: LiveRollout,
  message: string,
): { readonly untoldAttemptAt?: Instant; readonly message?: string } {
  if (attempt?.outcome !== 'pending' || attempt.owner === owner) return {};
  return {
    untoldAttemptAt: attempt.requestedAt,
    message: `${message}; Rewind's own rollback may have been carried out before: nobody has told`,
  };
}
