import type { AnalysisPolicy } from '../log/measuring/analysis-policy';
import {
  judgementOf,
  type MetricJudgement,
  type MetricProgress,
  type MetricResult,
  type MetricRule,
  type TestShares,
} from './judge-metric';

/** What all metrics of a rollout say together. */
export interface RolloutAnalysis {
  readonly result: MetricResult;
  /** In the order of the metrics. */
  readonly metrics: readonly MetricJudgement[];
  /** The first that failed; null where none did. */
  readonly failed: MetricJudgement | null;
}

type Certainty = Pick<AnalysisPolicy, 'falseAlarmPercent' | 'missRatePercent'>;

/**
 * Judges a rollout by its metrics: failed when one of them fails, accepted when all are. The share
 * of false alarms is that of the rollout, however many metrics there are. What is measured without
 * deciding has no say. Pure.
 */
export function judgedTogether(
  rules: readonly MetricRule[],
  progresses: readonly MetricProgress[],
  certainty: Certainty,
): RolloutAnalysis {
  const shares = sharesOf(rules, certainty);
  const metrics = progresses.flatMap((progress, index) => {
    const rule = rules[index];
    return rule === undefined ? [] : judgementOf(progress, { rule, shares });
  });
  const deciding = metrics.filter(({ rule }) => !rule.isDryRun && isHeldToAnything(rule));
  const failed = deciding
    .filter(({ result }) => result === 'failed')
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const has = (result: MetricResult) => deciding.some((one) => one.result === result);
  const open = has('blind') || deciding.length === 0 ? 'blind' : has('undecided') ? 'undecided' : 'accepted';
  return { result: failed.length > 0 ? 'failed' : open, metrics, failed: failed[0] ?? null };
}

/** How often each of the tests of a rollout may be wrong. */
export function sharesOf(
  rules: readonly MetricRule[],
  { falseAlarmPercent, missRatePercent }: Certainty,
): TestShares {
  const tests = rules.filter(({ isDryRun }) => !isDryRun).reduce((sum, rule) => sum + testsOf(rule), 0);
  return { falseAlarms: falseAlarmPercent / 100, misses: missRatePercent / 100, tests: Math.max(1, tests) };
}

/** A limit of a number is no test: it is exceeded, or it is not. */
function testsOf({ comparison, maximumRate }: MetricRule): number {
  return Number(comparison !== null) + Number(maximumRate !== null);
}

export function isHeldToAnything({ comparison, maximumRate, maximumCount }: MetricRule): boolean {
  return comparison !== null || maximumRate !== null || maximumCount !== null;
}
