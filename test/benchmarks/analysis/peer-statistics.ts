import {
  exponential,
  logGamma,
  naturalLogarithm,
} from '../../../state-machines/log/foundation/exact-functions';

interface BinomialCount {
  readonly successes: number;
  readonly trials: number;
  readonly chance: number;
}

/** The chance of so many successes or more. */
export function binomialTail({ successes, trials, chance }: BinomialCount): number {
  if (successes <= trials * chance) return 1;
  const logTerm =
    logGamma(trials + 1) -
    logGamma(successes + 1) -
    logGamma(trials - successes + 1) +
    successes * naturalLogarithm(chance) +
    (trials - successes) * naturalLogarithm(1 - chance);
  let term = exponential(logTerm);
  let tail = term;
  for (let k = successes; k < trials && term > tail * 1e-9; k += 1) {
    term *= (((trials - k) / (k + 1)) * chance) / (1 - chance);
    tail += term;
  }
  return tail;
}

/** So many standard deviations hold 98 % of a normal distribution. */
const deviations98 = 2.326;

/**
 * Whether the candidate is High by Kayenta's rule: the lower end of the 98 % interval of the shift
 * between two series lies above a quarter of its Hodges–Lehmann estimate.
 */
export function isHighByMannWhitney(candidate: readonly number[], baseline: readonly number[]): boolean {
  const differences = candidate.flatMap((one) => baseline.map((other) => one - other)).sort((a, b) => a - b);
  const [n, m] = [candidate.length, baseline.length];
  const below = Math.floor((n * m) / 2 - deviations98 * Math.sqrt((n * m * (n + m + 1)) / 12));
  const lower = differences[Math.max(0, below - 1)] ?? 0;
  const estimate =
    ((differences[Math.floor((n * m - 1) / 2)] ?? 0) + (differences[Math.floor((n * m) / 2)] ?? 0)) / 2;
  return lower > 0.25 * Math.abs(estimate);
}
