import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant } from '../../../state-machines/log/instant';
import { endOfRollout } from '../../../state-machines/protection/observed-protection';
import { type ProtectionPlan, planStatuses } from '../../../state-machines/protection/plan';
import { type FailedSurvey, isSurveyed, type SurveyedService, survey } from '../../guard/survey';
import { exitCode } from '../terminal/exit-code';
import { JsonList } from '../terminal/json-list';
import type { GuardSession } from './guard-session';
import { comesBack, formatCounts, formatPlan, type ResultRow } from './guard-text';

/** What a plan came to: as much of it as does not grow with what the services hold. */
export interface PlanSummary {
  /** How many services there are of each status, `failed` for those that could not be looked at. */
  readonly counts: ReadonlyMap<string, number>;
  /** Those that can be changed now. */
  readonly toChange: readonly ServiceArn[];
  /** Those that differ, and that cannot be changed now; and those that could not be looked at. */
  readonly others: readonly ResultRow[];
}

/**
 * `rewind guard plan`: prints each service as it has been looked at; exits with 2 where anything
 * differs, 69 where a look failed.
 */
export async function plan(session: GuardSession, format: 'text' | 'json'): Promise<void> {
  if (format === 'json') {
    const list = new JsonList(process.stdout, 'services');
    const { counts } = await surveyAll(session, (surveyed) => list.add(documentOf(surveyed)));
    list.end({ summary: Object.fromEntries(counts) });
    process.exitCode = exitCodeOf(counts);
    return;
  }
  const { counts } = await printPlan(session);
  process.exitCode = exitCodeOf(counts);
}

/** Prints the diff of every service that has one, and how many there are of each kind. */
export async function printPlan(session: GuardSession): Promise<PlanSummary> {
  const summary = await surveyAll(session, (surveyed) => {
    const lines = isSurveyed(surveyed) ? formatPlan(surveyed.plan, noteOn(surveyed)) : [];
    if (lines.length > 0) session.progress.clear();
    for (const line of lines) process.stdout.write(`${line}\n`);
  });
  for (const { service, because } of summary.others.filter(({ outcome }) => outcome === 'failed')) {
    process.stderr.write(`${service} could not be looked at: ${because}\n`);
  }
  const total = [...summary.counts.values()].reduce((sum, count) => sum + count, 0);
  const services = total === 1 ? '1 service' : `${total.toLocaleString('en-US')} services`;
  process.stdout.write(`${services}${total === 0 ? '' : `: ${formatCounts(summary.counts)}`}.\n`);
  return summary;
}

const order: readonly string[] = [...planStatuses, 'failed'];

async function surveyAll(
  session: GuardSession,
  take: (surveyed: SurveyedService | FailedSurvey) => void,
): Promise<PlanSummary> {
  const counts = new Map<string, number>();
  const toChange: ServiceArn[] = [];
  const others: ResultRow[] = [];
  let seen = 0;
  for await (const surveyed of survey(session.parts, session.services())) {
    seen += 1;
    session.progress.show(seen);
    const status = isSurveyed(surveyed) ? surveyed.plan.status : 'failed';
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (status === 'change') toChange.push(surveyed.service);
    else if (status !== 'right' && status !== 'undeclared') others.push(rowOf(surveyed));
    take(surveyed);
  }
  session.progress.clear();
  const sorted = [...counts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return { counts: new Map(sorted), toChange, others };
}

function rowOf(surveyed: SurveyedService | FailedSurvey): ResultRow {
  const { service } = surveyed;
  if (!isSurveyed(surveyed)) {
    const { name, message } = surveyed.error;
    return { service, outcome: 'failed', changes: 0, because: `${name}: ${message}` };
  }
  const { status, because, changes, alarms } = surveyed.plan;
  const returnsAt = status === 'busy' ? endOfRollout(surveyed) : null;
  return { service, outcome: status, changes: changes.length + alarms.length, because, returnsAt };
}

function noteOn(surveyed: SurveyedService): string | null {
  const { observed, plan: planned, last } = surveyed;
  if (planned.status === 'busy' && observed.rollout !== null) {
    return `${observed.rollout.taskDefinition} is being deployed${comesBack(endOfRollout(surveyed))}`;
  }
  if (last?.standing.isReleased !== true || planned.status !== 'change') return null;
  return 'it was undone: the scheduled guard leaves it alone until somebody applies again';
}

function exitCodeOf(counts: ReadonlyMap<string, number>): number {
  if (counts.has('failed')) return exitCode.unavailable;
  const differs = ['change', 'busy', 'refused'].some((status) => counts.has(status));
  return differs ? exitCode.changesPending : exitCode.done;
}

/** One service of `--format json`, where the status is called `verdict`. */
type PlanDocument = Omit<ProtectionPlan, 'alarms' | 'status'> & {
  readonly verdict: ProtectionPlan['status'];
  readonly returnsAt: string | null;
  readonly alarms: readonly object[];
};

function documentOf(surveyed: SurveyedService | FailedSurvey): PlanDocument | object {
  if (!isSurveyed(surveyed)) {
    const { service, error } = surveyed;
    return { service, verdict: 'failed', because: `${error.name}: ${error.message}` };
  }
  const { alarms, status: verdict, because, warnings, ...planned } = surveyed.plan;
  const returnsAt = verdict === 'busy' ? endOfRollout(surveyed) : null;
  return {
    ...planned,
    verdict,
    because,
    warnings,
    returnsAt: returnsAt === null ? null : formatInstant(returnsAt),
    alarms: alarms.map(({ action, alarm }) => ({ action, ...alarm })),
  };
}
