import { logSum, naturalLogarithm } from '../../log/foundation/exact-functions';
import { sixDigits } from './ratio-grid';

/**
 * A release may be bad from its first window on, or turn bad later: a pool runs dry, a cache
 * expires. Four fifths of the weight lie on the first window, the rest on all later ones, the
 * earlier the more. What was good before a turn does not count for the candidate after it.
 *
 * Of all turns together one logarithm is kept for each ratio: of Σ weight ÷ what the ratio's
 * evidence had come to when it turned.
 */
export interface RatioTurns {
  readonly taken: number;
  readonly logarithms: readonly number[];
}

const ofFirstWindow = naturalLogarithm(0.8);
const ofLaterWindows = naturalLogarithm(0.2);

export function turnsAtStart(ratios: number): RatioTurns {
  return { taken: 0, logarithms: Array.from({ length: ratios }, () => ofFirstWindow) };
}

/** With a turn after the window whose end left each ratio with so much evidence. Pure. */
export function turnsAfter({ taken, logarithms }: RatioTurns, evidence: readonly number[]): RatioTurns {
  const weight = ofLaterWindows - naturalLogarithm((taken + 1) * (taken + 2));
  return {
    taken: taken + 1,
    logarithms: logarithms.map((before, index) =>
      sixDigits(logSum([before, weight - (evidence[index] ?? 0)])),
    ),
  };
}
