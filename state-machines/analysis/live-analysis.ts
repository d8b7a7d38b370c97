import type { Instant } from '../log/instant';
import type { AnalysisMetric, AnalysisPolicy } from '../log/measuring/analysis-policy';
import {
  type AnalysisPlan,
  type ArmCounts,
  type Measurement,
  type MetricReading,
  windowSeconds,
} from '../log/measuring/measurement';
import { judgedFurther, type MetricProgress, type MetricRule, unjudged } from './judge-metric';
import { judgedTogether, type RolloutAnalysis, sharesOf } from './judge-metrics';
import { type MeasuredWindow, noCounts, sumOfCounts } from './measured-window';

/** What a rollout's measurements have come to so far. Bounded; plain JSON. */
export interface LiveAnalysis {
  readonly plan: AnalysisPlan;
  /** The end of the newest window; null before the first. */
  readonly measuredUntil: Instant | null;
  /** The end of the first window in which the new version had users; null before it. */
  readonly firstUsersUntil: Instant | null;
  /** Its share of the traffic in the newest windows, the newest first. */
  readonly shares: readonly number[];
  /** The version that has all requests, and how many since; null while both have some. */
  readonly alone: VersionAlone | null;
  /** In the order of the plan. */
  readonly metrics: readonly MeasuredMetric[];
}

interface VersionAlone {
  readonly version: 'candidate' | 'baseline';
  readonly requests: number;
}

interface MeasuredMetric {
  readonly progress: MetricProgress;
  /** All that the new version has answered since its first users, judged or not. */
  readonly served: ArmCounts;
}

/** A rollout before its first window. Pure. */
export function analysisAtStart(plan: AnalysisPlan, policy: AnalysisPolicy): LiveAnalysis {
  return {
    plan,
    measuredUntil: null,
    firstUsersUntil: null,
    shares: [],
    alone: null,
    metrics: rulesOf(plan, policy).map((rule) => ({ progress: unjudged(rule), served: noCounts })),
  };
}

/**
 * With one more window. It says something of the new version only once that had users: before, a
 * target group has test traffic, which its load balancer does not tell apart. A window that is not
 * newer than those before is none. Pure.
 */
export function withMeasurement(
  analysis: LiveAnalysis,
  policy: AnalysisPolicy,
  { until, readings }: Measurement,
): LiveAnalysis {
  const { plan, measuredUntil, shares } = analysis;
  if (measuredUntil !== null && until <= measuredUntil) return analysis;
  const { candidate, baseline } = requestsIn(readings);
  const share = shareOf(candidate, baseline);
  const neededShare = (plan.firstSharePercent ?? 0) / 200;
  const hasUsers = analysis.firstUsersUntil !== null || (share > 0 && share >= neededShare);
  const seen = { ...analysis, measuredUntil: until, shares: [share, ...shares].slice(0, sharesKept) };
  if (!hasUsers) return seen;
  const judgedBy = sharesOf(rulesOf(plan, policy), policy);
  const metrics = rulesOf(plan, policy).map((rule, index): MeasuredMetric => {
    const before = analysis.metrics[index] ?? { progress: unjudged(rule), served: noCounts };
    const reading = readings.find(({ metric }) => metric === rule.metric);
    const served = sumOfCounts(before.served, reading?.candidate ?? noCounts);
    const isJudged = !isWarmingUp(shares, { share, neededShare, metric: policy.metrics[index] });
    const window = isJudged ? windowOf(until, reading) : null;
    const progress =
      window === null ? before.progress : judgedFurther(before.progress, window, { rule, shares: judgedBy });
    return { progress, served };
  });
  const alone = aloneAfter(analysis.alone, candidate, baseline);
  return { ...seen, firstUsersUntil: analysis.firstUsersUntil ?? until, alone, metrics };
}

/** What the windows so far say. Pure. */
export function analysisSoFar({ plan, metrics }: LiveAnalysis, policy: AnalysisPolicy): RolloutAnalysis {
  const rules = rulesOf(plan, policy);
  const progresses = rules.map((rule, index) => metrics[index]?.progress ?? unjudged(rule));
  return judgedTogether(rules, progresses, policy);
}

/** The longest wait after a shift, in windows. */
const sharesKept = 60;

/** What the metrics of a plan are held to, in its order. */
export function rulesOf(plan: AnalysisPlan, policy: AnalysisPolicy): MetricRule[] {
  const known = { group: plan.arms.baseline, version: plan.versions?.baseline ?? null };
  return policy.metrics.map((metric): MetricRule => {
    const isAlone = (metric.provider === undefined ? known.group : known.version) === null;
    const planned = plan.metrics.find((one) => one.metric === metric.name);
    const { compare, maxPercent, count } = metric;
    const pastRate = planned?.pastRate ?? null;
    const isCompared = compare !== null && planned !== undefined && !(isAlone && pastRate === null);
    return {
      metric: metric.name,
      comparison: isCompared
        ? {
            allowed: 1 + compare.maxIncreasePercent / 100,
            unacceptable: 1 + compare.unacceptableIncreasePercent / 100,
          }
        : null,
      maximumRate: maxPercent === null ? null : maxPercent / 100,
      maximumCount: count === null ? null : { count: count.max, withinSeconds: count.withinSeconds },
      dispersion: planned?.dispersion ?? 1,
      pastRate,
      isDryRun: metric.dryRun,
    };
  });
}

function windowOf(until: Instant, reading: MetricReading | undefined): MeasuredWindow {
  if (reading === undefined) return { until, gap: 'unreadable' };
  const { state, candidate, baseline } = reading;
  if (state === 'missing') return { until, gap: 'noRequests' };
  if (state !== 'measured') return { until, gap: state };
  return candidate === null ? { until, gap: 'unreadable' } : { until, candidate, baseline };
}

/** By the first metric that tells of the new version; 0 where none does. */
function requestsIn(readings: readonly MetricReading[]) {
  const { candidate, baseline } = readings.find((reading) => reading.candidate !== null) ?? {};
  return { candidate: candidate?.requests ?? 0, baseline: baseline?.requests ?? 0 };
}

function aloneAfter(before: VersionAlone | null, candidate: number, baseline: number): VersionAlone | null {
  if (candidate > 0 && baseline > 0) return null;
  if (candidate <= 0 && baseline <= 0) return before;
  const version = candidate > 0 ? 'candidate' : 'baseline';
  const since = before?.version === version ? before.requests : 0;
  return { version, requests: since + candidate + baseline };
}

function shareOf(candidate: number, baseline: number): number {
  const all = candidate + baseline;
  return all <= 0 ? 0 : Math.round((1000 * candidate) / all) / 1000;
}

interface WindowShare {
  readonly share: number;
  readonly neededShare: number;
  readonly metric: AnalysisMetric | undefined;
}

/** Whether traffic was shifted to the new version so shortly before that a metric misleads. */
function isWarmingUp(before: readonly number[], { share, neededShare, metric }: WindowShare): boolean {
  const windows = Math.min(sharesKept, Math.ceil((metric?.initialDelaySeconds ?? 0) / windowSeconds));
  if (windows === 0 || neededShare === 0) return false;
  return share - (before[windows - 1] ?? 0) > neededShare;
}
