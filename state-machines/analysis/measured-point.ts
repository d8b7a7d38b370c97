import { naturalLogarithm } from '../log/foundation/exact-functions';
import type { Instant } from '../log/instant';
import type { AnalysisPolicy } from '../log/measuring/analysis-policy';
import type { ArmCounts, MetricReading } from '../log/measuring/measurement';
import { judgementOf, type MetricJudgement, unjudged } from './judge-metric';
import { isHeldToAnything, sharesOf } from './judge-metrics';
import { evidenceOfBetter, evidenceOfWorse } from './likelihood/ratio-evidence';
import { type LiveAnalysis, rulesOf } from './live-analysis';

/** What was known of a rollout's users behind one window: for pictures. */
export interface MeasuredPoint {
  /** The window's end. */
  readonly until: Instant;
  /** The new version's share of the requests in it; null where nothing tells. */
  readonly share: number | null;
  /** In the order of the policy. */
  readonly metrics: readonly MetricPoint[];
}

interface MetricPoint {
  readonly metric: string;
  /** Null where the window holds nothing of it. */
  readonly state: MetricReading['state'] | null;
  readonly result: MetricJudgement['result'];
  /** Of the rates so far; null where none is known, or nothing was compared. */
  readonly ratio: number | null;
  readonly interval: MetricJudgement['interval'];
  /** How much likelier what was seen is if it is worse than allowed; null where not compared. */
  readonly worse: number | null;
  /** The same if it is better than unacceptable. */
  readonly better: number | null;
  /** All that the new version has answered so far. */
  readonly served: ArmCounts;
}

/** What a metric is held to: the lines that its evidence has to reach. */
export interface MetricLimits {
  readonly metric: string;
  readonly isDryRun: boolean;
  readonly allowed: number | null;
  readonly unacceptable: number | null;
  /** So much evidence of worse fails it. */
  readonly fails: number;
  /** So much evidence of better accepts it. */
  readonly accepts: number;
}

/** Behind a window that has just been folded. Pure. */
export function measuredPoint(
  live: LiveAnalysis,
  policy: AnalysisPolicy,
  { until, readings }: { readonly until: Instant; readonly readings: readonly MetricReading[] },
): MeasuredPoint {
  const rules = rulesOf(live.plan, policy);
  const shares = sharesOf(rules, policy);
  return {
    until,
    share: readings.some(({ candidate }) => candidate !== null) ? (live.shares[0] ?? null) : null,
    metrics: rules.map((rule, index): MetricPoint => {
      const { progress = unjudged(rule), served } = live.metrics[index] ?? {};
      const { result, candidate, baseline, interval } = judgementOf(progress, { rule, shares });
      const { compared } = progress;
      const isCompared = compared !== null && interval !== null;
      const usual = baseline === null ? rule.pastRate : baseline.events / baseline.requests;
      const rate = candidate.requests > 0 ? candidate.events / candidate.requests : null;
      return {
        metric: rule.metric,
        state: readings.find(({ metric }) => metric === rule.metric)?.state ?? null,
        result,
        ratio: !isCompared || rate === null || !usual ? null : rate / usual,
        interval,
        worse: isCompared ? evidenceOfWorse(compared) : null,
        better: isCompared ? evidenceOfBetter(compared) : null,
        served: served ?? { requests: 0, events: 0 },
      };
    }),
  };
}

/** Of each metric of a plan that is held to anything, as logarithms. Pure. */
export function limitsOf({ plan }: Pick<LiveAnalysis, 'plan'>, policy: AnalysisPolicy): MetricLimits[] {
  const rules = rulesOf(plan, policy);
  const { tests, falseAlarms, misses } = sharesOf(rules, policy);
  return rules.filter(isHeldToAnything).map(({ metric, comparison, isDryRun }) => ({
    metric,
    isDryRun,
    allowed: comparison?.allowed ?? null,
    unacceptable: comparison?.unacceptable ?? null,
    fails: naturalLogarithm(tests / falseAlarms),
    accepts: -naturalLogarithm(misses),
  }));
}
