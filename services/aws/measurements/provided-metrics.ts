import type { MeasuredVersion } from '../../../state-machines/analysis/counting/metric-query';
import {
  providedReadings,
  unreadableReading,
  windowEnds,
} from '../../../state-machines/analysis/window-readings';
import type {
  MeasurementQuestion,
  PlanQuestion,
} from '../../../state-machines/decisions/measuring/measurement-question';
import { type ServiceArn, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { secondsAfter } from '../../../state-machines/log/instant';
import {
  type AnalysisPolicy,
  isProvided,
  type ProvidedMetric,
} from '../../../state-machines/log/measuring/analysis-policy';
import type {
  AnalysisPlan,
  ArmCounts,
  MetricReading,
  VersionName,
} from '../../../state-machines/log/measuring/measurement';
import { askBackEnd, type BackEnds, pastSecondsOf } from './back-ends/back-ends';
import type { PastRollout } from './past-rollouts';

/** What is planned of the metrics of providers. */
interface ProvidedPlan {
  readonly versions: NonNullable<AnalysisPlan['versions']> | null;
  readonly pasts: ReadonlyMap<string, readonly ArmCounts[]>;
}

/**
 * The names of both versions, and what the old one did on the day before; nothing where the policy
 * asks no provider, or ECS does not tell what is rolled out.
 */
export async function planProvided(
  backEnds: BackEnds,
  {
    service,
    rollout,
    question,
  }: {
    readonly service: ServiceArn;
    readonly rollout: PastRollout;
    readonly question: PlanQuestion;
  },
): Promise<ProvidedPlan> {
  const metrics = providedIn(question.policy);
  const pasts = new Map<string, readonly ArmCounts[]>();
  const versions = metrics.length === 0 ? null : versionsOf(rollout, question);
  if (versions === null) return { versions, pasts };
  const usual = { ...(versions.baseline ?? versions.candidate), targetGroup: groupBefore(rollout) };
  await Promise.all(
    metrics.map(async (metric) => {
      const since = secondsAfter(question.startedAt, -pastSecondsOf(metric));
      const windows = windowEnds(since, null, question.startedAt);
      if (windows.length === 0) return;
      const answer = await askBackEnd(backEnds, { service, metric, versions: [usual], windows });
      // Without a past, the little that is known of every service is assumed of this one.
      const minutes = 'told' in answer ? answer.told[0]?.minutes : undefined;
      pasts.set(
        metric.name,
        windows.flatMap((until) => minutes?.get(until) ?? []),
      );
    }),
  );
  return { versions, pasts };
}

/** What the providers of a plan told of its windows, metric by metric; unreadable where nothing. */
export async function readProvided(
  backEnds: BackEnds,
  service: ServiceArn,
  { plan, policy, windows }: Pick<MeasurementQuestion, 'plan' | 'policy' | 'windows'>,
): Promise<{ readonly metric: string; readonly readings: readonly MetricReading[] }[]> {
  const { versions, arms } = plan;
  const metrics = providedIn(policy).filter(({ name }) => isPlanned(plan, name));
  if (versions === undefined || windows.length === 0) return [];
  const asked: MeasuredVersion[] = [{ ...versions.candidate, targetGroup: arms.candidate }];
  if (versions.baseline !== null) asked.push({ ...versions.baseline, targetGroup: arms.baseline });
  return Promise.all(
    metrics.map(async (metric) => {
      const answer = await askBackEnd(backEnds, { service, metric, versions: asked, windows });
      const readings =
        'told' in answer
          ? providedReadings(metric, answer.told, windows)
          : windows.map(() => unreadableReading(metric.name, answer.because));
      return { metric: metric.name, readings };
    }),
  );
}

/** Whether a metric of the policy is measured by a plan. */
export function isPlanned({ metrics }: AnalysisPlan, name: string): boolean {
  return metrics.some(({ metric }) => metric === name);
}

function providedIn({ metrics }: AnalysisPolicy): ProvidedMetric[] {
  return metrics.filter(isProvided);
}

/**
 * The same task definition deployed again is compared with nothing: no name tells both apart that
 * a back-end would know.
 */
function versionsOf(
  { runs, replaces, replacedRevision }: PastRollout,
  { deployment }: PlanQuestion,
): ProvidedPlan['versions'] {
  if (runs === null) return null;
  const candidate: VersionName = { taskDefinition: shortTaskDefinition(runs), deployment };
  if (replaces === null || replaces === runs) return { candidate, baseline: null };
  // The last part of a service revision's ARN is the number of the deployment that started it.
  const number = replacedRevision?.split('/').at(-1);
  const startedBy = number === undefined ? null : `ecs-svc/${number}`;
  return { candidate, baseline: { taskDefinition: shortTaskDefinition(replaces), deployment: startedBy } };
}

/** Of two target groups the one that the old version has. */
function groupBefore({ targetGroups, resolved }: PastRollout): string | null {
  return targetGroups.find((group) => group !== resolved) ?? targetGroups[0] ?? null;
}
