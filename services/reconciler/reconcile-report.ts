import type { Decision } from '../../state-machines/decisions/decide';
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
  readonly nextWakeAt: string | null;
}

/** What one reconcile came to. */
export interface Reconciled {
  /** Every step taken, in order. */
  readonly decisions: readonly Decision[];
  /** Why ECS could not be asked, which ended it early; null when it could. */
  readonly outage: string | null;
  /** Whether that was because people keep Rewind from writing to ECS. */
  readonly isHeld: boolean;
  readonly nextWakeAt: Instant | null;
}

/** `because` is the reason of an outage or refusal, else of the last step that did something, else of the wait. */
export function describeReconcile(
  { service, rollouts }: ServiceState,
  { decisions, outage, isHeld, nextWakeAt }: Reconciled,
): ReconcileReport {
  const refusal = decisions.find((decision) => nameOf(decision) === 'RollbackRejected');
  const telling = refusal ?? decisions.findLast(({ action }) => action !== 'wait') ?? decisions.at(-1);
  return {
    service: partsOfService(service).path,
    phase: rollouts.at(-1)?.phase ?? null,
    decision: decisions.map(nameOf).join(', '),
    because: outage ?? telling?.because ?? 'nothing was decided',
    isHeld,
    nextWakeAt: nextWakeAt === null ? null : formatInstant(nextWakeAt),
  };
}

function nameOf(decision: Decision): string {
  return decision.action === 'record' ? decision.event.type : decision.action;
}
