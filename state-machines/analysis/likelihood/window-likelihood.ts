import { naturalLogarithm } from '../../log/foundation/exact-functions';
import type { ArmCounts } from '../../log/measuring/measurement';
import type { CountedWindow } from '../measured-window';

/** The logarithm of the likelihood of a ratio, but for a constant; the ratio's own is given too. */
export type LogLikelihood = (ratio: number, logarithm: number) => number;

/**
 * How likely a window is for each ratio of the candidate's rate to the baseline's in the same
 * minutes. Of the events of both, the candidate's are binomial with p(r) = r·n ÷ (r·n + m), for n
 * and m requests. How high the rates are falls out, so that what befalls both versions speaks
 * against neither, and so does how traffic was split. Null where one version had no requests: the
 * window says nothing.
 */
export function comparedWithBaseline({ candidate, baseline }: CountedWindow): LogLikelihood | null {
  if (baseline === null || baseline.requests <= 0 || candidate.requests <= 0) return null;
  const [n, m] = [candidate.requests, baseline.requests];
  const events = candidate.events + baseline.events;
  return (ratio, logarithm) =>
    candidate.events * logarithm - events * naturalLogarithm((ratio * n + m) / (n + m));
}

/**
 * How likely a window is for each ratio of the candidate's rate to a rate that is given. Of
 * requests that fail one by one, E[rˣ] is at most exp(n·p·(r − 1)): for a rate that is not higher
 * than the given one, evidence that it is cannot grow.
 */
export function comparedWithRate({ requests, events }: ArmCounts, rate: number): LogLikelihood | null {
  if (requests <= 0) return null;
  return (ratio, logarithm) => events * logarithm - (ratio - 1) * rate * requests;
}
