import {
  type ErrorShares,
  judgeMetric,
  type MetricJudgement,
  type MetricResult,
  type MetricRule,
} from './judge-metric';
import type { MeasuredWindow } from './measured-window';

/** The windows of one metric, and what it is held to. */
interface JudgedMetric {
  readonly rule: MetricRule;
  readonly windows: readonly MeasuredWindow[];
}

/** What all metrics of a rollout say together. */
export interface RolloutAnalysis {
  readonly result: MetricResult;
  /** In the order of the metrics. */
  readonly metrics: readonly MetricJudgement[];
  /** The first that failed; null where none did. */
  readonly failed: MetricJudgement | null;
}

/**
 * Judges a rollout by its metrics: failed when one of them fails, accepted when all are. The share
 * of false alarms is that of the rollout, however many metrics there are. Pure.
 */
export function judgeMetrics(metrics: readonly JudgedMetric[], shares: ErrorShares): RolloutAnalysis {
  const tests = metrics.reduce((sum, { rule }) => sum + testsOf(rule), 0);
  const judged = metrics.map(({ rule, windows }) => judgeMetric(windows, rule, { ...shares, tests }));
  const failed = judged
    .filter(({ result }) => result === 'failed')
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const has = (result: MetricResult) => judged.some((one) => one.result === result);
  const open = has('blind') || judged.length === 0 ? 'blind' : has('undecided') ? 'undecided' : 'accepted';
  return { result: failed.length > 0 ? 'failed' : open, metrics: judged, failed: failed[0] ?? null };
}

/** A limit of a number is no test: it is exceeded, or it is not. */
function testsOf({ comparison, maximumRate }: MetricRule): number {
  return Number(comparison !== null) + Number(maximumRate !== null);
}
