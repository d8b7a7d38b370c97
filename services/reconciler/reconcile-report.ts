import type { Decision } from '../../state-machines/decisions/decision';
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
  /** Whether a decision stands in the log and changes nothing, so that a rollout cannot go on. */
  readonly isAtStandstill: boolean;
  readonly nextWakeAt: string | null;
}

/** What one reconcile came to. */
export interface ReconcileResult {
  /** Every step taken, in order, looks left out. */
  readonly decisions: readonly Decision[];
  readonly nextWakeAt: Instant | null;
}

/** Whether people keep Rewind from a write that it would make. */
export function isHeldBack(decisions: readonly Decision[]): boolean {
  const last = decisions.at(-1);
  return last?.action === 'retry' && last.isHeld;
}

/** `because` is why a rollback was refused or AWS silent, else why the last act or wait. */
export function describeReconcile(
  { service, rollouts }: ServiceState,
  { decisions, nextWakeAt }: ReconcileResult,
): ReconcileReport {
  const retry = decisions.find(({ action }) => action === 'retry');
  const steps = decisions.filter(({ action }) => action !== 'retry' && action !== 'lookAgain');
  const refusal = steps.find((step) => decisionName(step) === 'RollbackRejected');
  const decisive = retry ?? refusal ?? steps.findLast(({ action }) => action !== 'wait') ?? steps.at(-1);
  return {
    service: partsOfService(service).path,
    phase: rollouts.at(-1)?.phase ?? null,
    decision: steps.map(decisionName).join(', '),
    because: decisive === undefined || decisive.action === 'look' ? 'nothing was decided' : decisive.because,
    isHeld: isHeldBack(decisions),
    isAtStandstill: decisions.at(-1)?.action === 'noProgress',
    nextWakeAt: nextWakeAt === null ? null : formatInstant(nextWakeAt),
  };
}

function decisionName(decision: Decision): string {
  return decision.action === 'record' ? decision.event.type : decision.action;
}
