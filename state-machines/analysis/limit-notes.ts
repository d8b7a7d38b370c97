import { exponential } from '../log/foundation/exact-functions';
import { type AnalysisPolicy, isProvided } from '../log/measuring/analysis-policy';

/** A service whose traffic is no surprise. */
const usual = { requestsPerMinute: 600, rate: 0.001 };

/**
 * What people should know of limits that take no account of traffic, a sentence for each metric of
 * which a good release would often break it. Pure.
 */
export function describeHastyLimits({ metrics }: AnalysisPolicy): string[] {
  return metrics.flatMap(({ name, preset, count, dryRun }) => {
    if (count === null || dryRun || preset !== 'target-5xx') return [];
    const expected = (usual.requestsPerMinute * usual.rate * count.withinSeconds) / 60;
    const percent = Math.round(100 * chanceOfMore(count.max, expected));
    if (percent < 1) return [];
    const limit = `analysis: ${name}: count ${count.max} within ${count.withinSeconds} s`;
    return [
      `${limit} fails ${percent} % of the good releases that answer 600 requests a minute with 0.1 % errors`,
    ];
  });
}

/**
 * What people should know of a counter that begins with its first error: it shows no increase, and
 * the error is never seen. A sentence for each metric that may have it. Pure.
 */
export function describeLateCounters({ metrics }: AnalysisPolicy): string[] {
  return metrics.filter(isProvided).flatMap(({ name, provider, events, total }) => {
    if (provider.prometheus === undefined) return [];
    const isBegun = [events, total].every((query) => /\bor\s+vector\(\s*0\s*\)/.test(query));
    const advice =
      'let the application begin its counters with 0, and write `or vector(0)` behind both queries';
    return isBegun
      ? []
      : [
          `analysis: ${name}: Prometheus shows no increase of a counter that begins with its first error: ${advice}`,
        ];
  });
}

/** Of events that come one by one, and so many on the average. */
function chanceOfMore(max: number, expected: number): number {
  let term = exponential(-expected);
  let sum = term;
  for (let count = 1; count <= max; count += 1) {
    term *= expected / count;
    sum += term;
  }
  return Math.max(0, 1 - sum);
}
