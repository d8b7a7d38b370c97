import type { AnalysisMetric, AnalysisPolicy } from '../../../state-machines/log/measuring/analysis-policy';
import { analysisSchema } from '../../policy/analysis/analysis-schema';
import type { SweptAnalysisKey } from './analysis-sweep';

/** A policy with another value of one key; a sentence where that makes no sense. */
export function withAnalysisValue(
  policy: AnalysisPolicy,
  key: SweptAnalysisKey,
  value: number,
): { readonly policy: AnalysisPolicy } | { readonly because: string } {
  const changed = isOfMetrics(key)
    ? { ...policy, metrics: policy.metrics.map((metric) => withMetricValue(metric, key, value)) }
    : { ...policy, [key]: value };
  // As plain values: the schema refuses what it does not know.
  const checked = analysisSchema.safeParse(JSON.parse(JSON.stringify(changed)));
  if (!checked.success) return { because: `${key} ${checked.error.issues[0]?.message ?? 'makes no sense'}` };
  return { policy: checked.data ?? policy };
}

function isOfMetrics(key: SweptAnalysisKey): boolean {
  return key !== 'falseAlarmPercent' && key !== 'missRatePercent';
}

/** A limit is one of errors: what is slow for one service is usual for another. */
function withMetricValue(metric: AnalysisMetric, key: SweptAnalysisKey, value: number): AnalysisMetric {
  if (key === 'initialDelaySeconds') return { ...metric, initialDelaySeconds: value };
  if (key === 'maxPercent')
    return metric.preset === 'target-slow' ? metric : { ...metric, maxPercent: value };
  const { compare } = metric;
  if (compare === null) return metric;
  if (key === 'unacceptableIncreasePercent') return { ...metric, compare: { ...compare, [key]: value } };
  // Where a value passes what is unacceptable, that stays above it by as much as before.
  const { maxIncreasePercent, unacceptableIncreasePercent } = compare;
  const above = value + unacceptableIncreasePercent - maxIncreasePercent;
  const unacceptable = unacceptableIncreasePercent > value ? unacceptableIncreasePercent : above;
  return {
    ...metric,
    compare: { maxIncreasePercent: value, unacceptableIncreasePercent: unacceptable },
  };
}
