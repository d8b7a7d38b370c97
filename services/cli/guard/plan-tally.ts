import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { endOfRollout } from '../../../state-machines/protection/observed-protection';
import { planStatuses } from '../../../state-machines/protection/plan';
import { type FailedSurvey, isSurveyed, type SurveyedService } from '../../guard/survey';
import { type ExitCode, exitCode } from '../terminal/exit-code';
import type { ResultRow } from './guard-text';

const statusOrder: readonly string[] = [...planStatuses, 'failed'];

/** What a plan came to: as much of it as does not grow with what the services hold. */
export class PlanTally {
  /** Services that can be changed now. */
  readonly toChange: ServiceArn[] = [];
  /** Services that differ and cannot be changed now, and those that could not be looked at. */
  readonly others: ResultRow[] = [];
  readonly #counts = new Map<string, number>();

  add(surveyed: SurveyedService | FailedSurvey): void {
    const status = isSurveyed(surveyed) ? surveyed.plan.status : 'failed';
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + 1);
    if (status === 'change') this.toChange.push(surveyed.service);
    else if (status !== 'right' && status !== 'undeclared') this.others.push(unchangedRow(surveyed));
  }

  /** How many services there are of each status, `failed` for those that could not be looked at. */
  counts(): ReadonlyMap<string, number> {
    const sorted = [...this.#counts].sort(([a], [b]) => statusOrder.indexOf(a) - statusOrder.indexOf(b));
    return new Map(sorted);
  }

  failures(): readonly ResultRow[] {
    return this.others.filter(({ outcome }) => outcome === 'failed');
  }

  exitCode(): ExitCode {
    if (this.#counts.has('failed')) return exitCode.unavailable;
    const isPending = ['change', 'busy', 'refused'].some((status) => this.#counts.has(status));
    return isPending ? exitCode.changesPending : exitCode.done;
  }
}

function unchangedRow(surveyed: SurveyedService | FailedSurvey): ResultRow {
  if (!isSurveyed(surveyed)) return failureRow(surveyed);
  const { status, because, changes, alarms } = surveyed.plan;
  const returnsAt = status === 'busy' ? endOfRollout(surveyed) : null;
  const { service } = surveyed;
  return { service, outcome: status, changes: changes.length + alarms.length, because, returnsAt };
}

/** The row of a service that could not be looked at. */
export function failureRow({ service, error }: FailedSurvey): ResultRow {
  return { service, outcome: 'failed', changes: 0, because: `${error.name}: ${error.message}` };
}
