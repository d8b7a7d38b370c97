import { exponential, logSum, naturalLogarithm } from '../../log/foundation/exact-functions';

/**
 * How many times as much of something the candidate may have as what it is held against: 81 ratios
 * from 0.02 to 200, evenly spaced in their logarithms, and how likely each is held to be before
 * anything is seen. Ratios near one are the likeliest.
 */
const smallest = naturalLogarithm(0.02);
const largest = naturalLogarithm(200);
const ratioCount = 81;
const spread = 1.5;

interface GridRatio {
  readonly ratio: number;
  readonly logarithm: number;
  /** The logarithm of its weight; the weights of a part of the grid are made to add up to one. */
  readonly logWeight: number;
}

export const ratioGrid: readonly GridRatio[] = Array.from({ length: ratioCount }, (_, index) => {
  const logarithm = smallest + (index * (largest - smallest)) / (ratioCount - 1);
  const deviation = logarithm / spread;
  return { ratio: exponential(logarithm), logarithm, logWeight: (-deviation * deviation) / 2 };
});

/**
 * The logarithm of the weighted mean of what the logarithms stand for, over the ratios that are
 * asked for; −∞ where there is none.
 */
export function logMean(
  isAsked: (one: GridRatio) => boolean,
  logarithmAt: (index: number) => number,
): number {
  const weights: number[] = [];
  const weighted: number[] = [];
  for (const [index, one] of ratioGrid.entries()) {
    if (!isAsked(one)) continue;
    weights.push(one.logWeight);
    weighted.push(one.logWeight + logarithmAt(index));
  }
  return weighted.length === 0 ? -Infinity : logSum(weighted) - logSum(weights);
}

/** Evidence is kept with every snapshot: beyond six digits a logarithm says nothing more. */
export function sixDigits(logarithm: number): number {
  return Math.round(logarithm * 1e6) / 1e6;
}
