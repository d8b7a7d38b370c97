import { unansweredSecondsAtMost } from '../../state-machines/decisions/decide';
import type { Decision, Retry } from '../../state-machines/decisions/decision';
import { partsOfService } from '../../state-machines/log/identifiers';
import { formatInstant, type Instant } from '../../state-machines/log/instant';
import type { ServiceState } from '../../state-machines/service/service-state';

/** One reconcile in one line of the structured log. */
export interface ReconcileReport {
  /** `cluster/service`. */
  readonly service: string;
  /** The phase of the newest rollout; null when none is remembered. */
  readonly phase: string | null;
  /** Every step taken, in order. */
  readonly decision: string;
  readonly because: string;
  /** Whether people keep Rewind from a write that it would make. */
  readonly isHeld: boolean;
  /** Whether Rewind itself failed to ask ECS: a fault of the code, and no outage. */
  readonly isFaulty: boolean;
  /** Since when AWS has not answered; null while it answers. */
  readonly unansweredSince: string | null;
  /** What is wrong with the service's tags, where a rollout was opened; a sentence each. */
  readonly policyProblems: readonly string[];
  /** Whether a decision stands in the log and changes nothing, so that a rollout cannot go on. */
  readonly isAtStandstill: boolean;
  readonly nextWakeAt: string | null;
}

/** What one reconcile came to. */
export interface ReconcileResult {
  /** Every step taken, in order, looks left out. */
  readonly decisions: readonly Decision[];
  readonly nextWakeAt: Instant | null;
  /** Since when AWS has not answered; null while it answers. */
  readonly unansweredSince: Instant | null;
}

/** Why the service is to be tried again; null where it is not. */
export function reasonToRetry(decisions: readonly Decision[]): Retry['why'] | null {
  const last = decisions.at(-1);
  return last?.action === 'retry' ? last.why : null;
}

/** `because` is why a rollback was refused or AWS silent, else why the last act or wait. */
export function describeReconcile(
  { service, rollouts }: ServiceState,
  { decisions, nextWakeAt, unansweredSince }: ReconcileResult,
): ReconcileReport {
  const retry = decisions.find(({ action }) => action === 'retry');
  const steps = decisions.filter(({ action }) => action !== 'retry' && action !== 'lookAgain');
  const refusal = steps.find((step) => decisionName(step) === 'RollbackRejected');
  const decisive = retry ?? refusal ?? steps.findLast(({ action }) => action !== 'wait') ?? steps.at(-1);
  const why = reasonToRetry(decisions);
  return {
    service: partsOfService(service).path,
    phase: rollouts.at(-1)?.phase ?? null,
    decision: steps.map(decisionName).join(', '),
    because: decisive === undefined || decisive.action === 'look' ? 'nothing was decided' : decisive.because,
    isHeld: why === 'held',
    isFaulty: why === 'faulty',
    unansweredSince: unansweredSince === null ? null : formatInstant(unansweredSince),
    policyProblems: decisions.flatMap(problemsIn),
    isAtStandstill: decisions.at(-1)?.action === 'noProgress',
    nextWakeAt: nextWakeAt === null ? null : formatInstant(nextWakeAt),
  };
}

function problemsIn(decision: Decision): readonly string[] {
  if (decision.action !== 'record' || decision.event.type !== 'RolloutOpened') return [];
  return decision.event.policyProblems ?? [];
}

function decisionName(decision: Decision): string {
  return decision.action === 'record' ? decision.event.type : decision.action;
}

/** Whether AWS has not answered for so long that people are told. */
export function isUnansweredForLong({ unansweredSince }: ReconcileReport, now: Instant): boolean {
  if (unansweredSince === null) return false;
  return now - Date.parse(unansweredSince) >= unansweredSecondsAtMost * 1000;
}
