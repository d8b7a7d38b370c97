import { naturalLogarithm } from '../../log/foundation/exact-functions';

/** So many percent of the requests took no longer than that. */
interface ResponsePercentile {
  readonly percent: number;
  readonly seconds: number;
}

/** Which are asked for where slow answers cannot be counted: closest where the slow ones are. */
export const askedPercentiles = [50, 75, 90, 93, 95, 97, 99, 99.9] as const;

/**
 * The share of requests that took longer than a time, between the percentiles on both sides of it
 * by the logarithm of the time. Beyond the highest half of what is left above it; below the lowest
 * all that is above that. Null where no percentile is told. Pure.
 */
export function shareSlowerThan(limit: number, told: readonly ResponsePercentile[]): number | null {
  const known = told.filter(({ seconds }) => seconds > 0).toSorted((a, b) => a.percent - b.percent);
  const [lowest, highest] = [known[0], known.at(-1)];
  if (lowest === undefined || highest === undefined) return null;
  if (limit < lowest.seconds) return (100 - lowest.percent) / 100;
  if (limit >= highest.seconds) return (100 - highest.percent) / 200;
  const above = known.findIndex(({ seconds }) => seconds > limit);
  const [under, over] = [known[above - 1] ?? lowest, known[above] ?? highest];
  const span = naturalLogarithm(over.seconds / under.seconds);
  const part = naturalLogarithm(limit / under.seconds) / span;
  return (100 - under.percent - part * (over.percent - under.percent)) / 100;
}
