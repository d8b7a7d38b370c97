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
export type Statistic = (typeof statistics)[number] | `p${number}`;

/**
 * CloudWatch keeps values of less than a minute's resolution for 3 hours, and nothing here looks
 * further back.
 */
const keptMs = 3 * 3600 * 1000;

/** The data of every metric of the last three hours. */
export class Metrics {
  readonly #data = new Map<string, Datum[]>();

  put(metric: Metric, datum: Datum): void {
    const data = this.#data.get(keyOf(metric)) ?? [];
    const kept = data.filter(({ at }) => at > datum.at - keptMs);
    this.#data.set(
      keyOf(metric),
      [...kept, datum].sort((one, other) => one.at - other.at),
    );
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
    const data = (this.#data.get(keyOf(metric)) ?? []).filter(({ at }) => at >= from && at < until);
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
        return percentile(data, Number((statistic satisfies `p${number}`).slice(1)));
    }
  }

  /** When something was put last; null for never. */
  lastAt(metric: Metric): ClockTime | null {
    return this.#data.get(keyOf(metric))?.at(-1)?.at ?? null;
  }
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
