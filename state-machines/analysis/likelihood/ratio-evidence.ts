import { naturalLogarithm } from '../../log/foundation/exact-functions';
import { logMean, ratioGrid, sixDigits } from './ratio-grid';
import { type RatioTurns, turnsAfter, turnsAtStart } from './turns';
import type { LogLikelihood } from './window-likelihood';

/**
 * What windows say of the ratio between the candidate's rate and what it is held against, valid
 * however often it is looked at (docs/decisions/0050). Logarithms of likelihoods add up over
 * windows; fixed in size. Pure; the same bits on every machine, for windows in the same order.
 */
export interface RatioEvidence {
  readonly bounds: RatioBounds;
  /** The logarithm of the likelihood of each ratio of the grid. */
  readonly likelihoods: readonly number[];
  readonly ofAllowed: number;
  readonly ofUnacceptable: number;
  readonly turns: RatioTurns;
}

interface RatioBounds {
  /** A candidate up to so many times as bad does not fail. */
  readonly allowed: number;
  /** One that is so many times as bad is not accepted. */
  readonly unacceptable: number;
  /** How many times more the events of one version vary than if each came by itself: 1 or more. */
  readonly dispersion: number;
}

export function noRatioEvidence(bounds: RatioBounds): RatioEvidence {
  return {
    bounds,
    likelihoods: ratioGrid.map(() => 0),
    ofAllowed: 0,
    ofUnacceptable: 0,
    turns: turnsAtStart(ratioGrid.length),
  };
}

/** The evidence with one more window; null stands for one that says nothing. */
export function withWindow(evidence: RatioEvidence, likelihoodOf: LogLikelihood | null): RatioEvidence {
  if (likelihoodOf === null) return evidence;
  const { bounds, turns } = evidence;
  const { allowed, unacceptable, dispersion } = bounds;
  const ofRatio = (ratio: number) => likelihoodOf(ratio, naturalLogarithm(ratio)) / dispersion;
  const ofAllowed = sixDigits(evidence.ofAllowed + ofRatio(allowed));
  const likelihoods = ratioGrid.map(({ ratio, logarithm }, index) =>
    sixDigits((evidence.likelihoods[index] ?? 0) + likelihoodOf(ratio, logarithm) / dispersion),
  );
  return {
    bounds,
    likelihoods,
    ofAllowed,
    ofUnacceptable: sixDigits(evidence.ofUnacceptable + ofRatio(unacceptable)),
    turns: turnsAfter(
      turns,
      likelihoods.map((one) => one - ofAllowed),
    ),
  };
}

/**
 * The logarithm of how much likelier what was seen is if the candidate is worse than allowed, from
 * the first window or from a later one on. With a candidate that is not worse it reaches ln K at
 * most once in K rollouts, ever.
 */
export function evidenceOfWorse({ bounds, likelihoods, ofAllowed, turns }: RatioEvidence): number {
  return logMean(
    ({ ratio }) => ratio > bounds.allowed,
    (index) => (likelihoods[index] ?? 0) - ofAllowed + (turns.logarithms[index] ?? 0),
  );
}

/** The same for a candidate that is better than what would be unacceptable, over all windows. */
export function evidenceOfBetter({ bounds, likelihoods, ofUnacceptable }: RatioEvidence): number {
  return logMean(
    ({ ratio }) => ratio < bounds.unacceptable,
    (index) => (likelihoods[index] ?? 0) - ofUnacceptable,
  );
}

/** Between which two ratios the true one lies. */
export interface RatioInterval {
  readonly from: number;
  readonly to: number;
}

/**
 * The ratios that what was seen does not speak against, at any time, with so much certainty. Wider
 * by a step on each side than the grid says: the true ratio may lie between two of its own.
 */
export function ratioInterval({ likelihoods }: RatioEvidence, certainty: number): RatioInterval {
  const needed = -naturalLogarithm(1 - certainty);
  const mean = logMean(
    () => true,
    (index) => likelihoods[index] ?? 0,
  );
  const isHeld = likelihoods.map((one) => mean - one < needed);
  const first = Math.max(0, isHeld.indexOf(true) - 1);
  const last = Math.min(ratioGrid.length - 1, isHeld.lastIndexOf(true) + 1);
  return { from: ratioGrid[first]?.ratio ?? 0, to: ratioGrid[last]?.ratio ?? 0 };
}
