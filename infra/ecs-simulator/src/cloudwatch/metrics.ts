import type { ClockTime } from '../foundation/clock';

/** Which metric: a namespace, a name, and dimensions in any order. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}
interface Dimension {
  readonly name: string;
  readonly value: string;
}
/** What was put at one instant: one value, or what many come to. */
export interface Datum {
  readonly at: ClockTime;
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}
/** So many samples of one value. */
export interface Sample {
  readonly value: number;
  readonly count: number;
}
export const statistics = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'] as const;
/** `p99`, and what else a percentile may be. */
export const percentilePattern = /^p(?:100|\d{1,2}(?:\.\d+)?)$/;
/**
 * `TC(0.5:)`: how many values lie above a bound. CloudWatch interpolates between what it keeps;
 * here the count is exact.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export const trimmedCountPattern = /^TC\((\d+(?:\.\d+)?):\)$/;
export type Statistic = (typeof statistics)[number] | `p${number}` | `TC(${number}:)`;

/** CloudWatch keeps minutes for 15 days; what is finer is gone after 3 hours there, not here. */
const keptMs = 15 * 24 * 3600 * 1000;

/** The data of every metric of the last 15 days. */
export class Metrics {
  readonly #data = new Map<string, Datum[]>();

  put(metric: Metric, datum: Datum): void {
    const key = keyOf(metric);
    const data = this.#data.get(key) ?? [];
    this.#data.set(key, data);
    const before = data.findLastIndex(({ at }) => at <= datum.at);
    data.splice(before + 1, 0, datum);
    const kept = data.findIndex(({ at }) => at > datum.at - keptMs);
    if (kept > 0) data.splice(0, kept);
  }

  has(metric: Metric): boolean {
    return this.#data.has(keyOf(metric));
  }

  /**
   * The statistic of what was put from `from` up to, but without, `until`; null when nothing was.
   */
  statistic(
    metric: Metric,
    { from, until, statistic }: { from: number; until: number; statistic: Statistic },
  ): number | null {
    const all = this.#data.get(keyOf(metric)) ?? [];
    const data = all.slice(firstFrom(all, from), firstFrom(all, until));
    if (data.length === 0) return null;
    const sum = data.reduce((total, datum) => total + datum.sum, 0);
    const count = data.reduce((total, datum) => total + datum.count, 0);
    switch (statistic) {
      case 'Average':
        return sum / count;
      case 'Sum':
        return sum;
      case 'SampleCount':
        return count;
      case 'Minimum':
        return Math.min(...data.map(({ minimum }) => minimum));
      case 'Maximum':
        return Math.max(...data.map(({ maximum }) => maximum));
      default:
        return ofPattern(data, statistic);
    }
  }

  /** When something was put last; null for never. */
  lastAt(metric: Metric): ClockTime | null {
    return this.#data.get(keyOf(metric))?.at(-1)?.at ?? null;
  }
}

/** Where the data begin that were put at an instant or later. */
function firstFrom(data: readonly Datum[], from: number): number {
  let [low, high] = [0, data.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((data[middle]?.at ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function ofPattern(data: readonly Datum[], statistic: `p${number}` | `TC(${number}:)`): number {
  const [, bound] = trimmedCountPattern.exec(statistic) ?? [];
  if (bound === undefined) return percentile(data, Number(statistic.slice(1)));
  return data.reduce((total, { maximum, count }) => total + (maximum > Number(bound) ? count : 0), 0);
}

/**
 * What was put as one value many times counts as often; the statistics of different values are
 * taken for their maximum.
 */
function percentile(data: readonly Datum[], percent: number): number {
  const sorted = [...data].sort((one, other) => one.maximum - other.maximum);
  const wanted = (percent / 100) * sorted.reduce((total, { count }) => total + count, 0);
  let passed = 0;
  for (const { count, maximum } of sorted) {
    passed += count;
    if (passed >= wanted) return maximum;
  }
  return sorted.at(-1)?.maximum ?? 0;
}

function keyOf({ namespace, name, dimensions }: Metric): string {
  const sorted = dimensions.map((dimension) => `${dimension.name}=${dimension.value}`).sort();
  return JSON.stringify([namespace, name, sorted]);
}
