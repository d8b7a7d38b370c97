import { naturalLogarithm } from '../log/foundation/exact-functions';
import type { ArmCounts } from './measured-window';

/** What a candidate gets of the traffic, and how often the baseline's requests count against it. */
interface ExpectedTraffic {
  /** Of all requests; between 0 and 1. */
  readonly candidateShare: number;
  readonly baselineRate: number;
}

/**
 * How many requests the candidate needs, as a rule of thumb, until a comparison has seen that its
 * rate is so many times the baseline's and not as many as is held against it. Infinite where no
 * number would be enough.
 */
export function neededRequests(
  { candidateShare, baselineRate }: ExpectedTraffic,
  {
    ratio,
    against,
    evidence,
  }: { readonly ratio: number; readonly against: number; readonly evidence: number },
): number {
  const p = shareOfEvents(ratio, candidateShare);
  const q = shareOfEvents(against, candidateShare);
  const perEvent = p * naturalLogarithm(p / q) + (1 - p) * naturalLogarithm((1 - p) / (1 - q));
  const eventsPerRequest = baselineRate * (ratio + (1 - candidateShare) / candidateShare);
  const perRequest = perEvent * eventsPerRequest;
  return perRequest <= 0 ? Infinity : Math.ceil((naturalLogarithm(evidence) + spentOnGrid) / perRequest);
}

/** What it costs that neither the ratio nor the time of a turn is known before. */
const spentOnGrid = 2.5;

function shareOfEvents(ratio: number, candidateShare: number): number {
  return (ratio * candidateShare) / (ratio * candidateShare + 1 - candidateShare);
}

/** A rate as its counts tell it; where nothing was seen yet, half an event. */
export function expectedRate({ requests, events }: ArmCounts): number {
  return requests <= 0 ? 0 : Math.max(events, 0.5) / requests;
}
