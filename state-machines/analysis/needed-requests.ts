import { naturalLogarithm } from '../log/foundation/exact-functions';
import type { AnalysisPolicy } from '../log/measuring/analysis-policy';
import type { ArmCounts } from '../log/measuring/measurement';
import { noCounts, sumOfCounts } from './measured-window';

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

interface KnownTraffic {
  /** Errors of the minutes in which the service had requests. */
  readonly past: readonly ArmCounts[];
  /** Of all requests, what a new version gets first, in percent. */
  readonly sharePercent: number;
  readonly policy: AnalysisPolicy;
}

/** So many times the usual errors are a fault that people want found. */
const faultRatio = 5;

/** What can be learnt of a new version at the traffic of the service, in a sentence. Pure. */
export function describeLearning({ past, sharePercent, policy }: KnownTraffic): string {
  const all = past.reduce(sumOfCounts, noCounts);
  if (all.requests <= 0) return 'the service had no requests on the day before: nothing can be foretold';
  const { compare } = policy.metrics.find(({ preset }) => preset === 'target-5xx') ?? {};
  const perMinute = all.requests / past.length;
  const rate = expectedRate(all);
  const traffic = `${Math.round(perMinute)} requests a minute, ${Number((100 * rate).toPrecision(2))} % of them errors`;
  if (compare == null) return traffic;
  const bound = {
    ratio: faultRatio,
    against: 1 + compare.maxIncreasePercent / 100,
    evidence: (100 * policy.metrics.length) / policy.falseAlarmPercent,
  };
  const share = sharePercent / 100;
  const needed =
    share < 1
      ? neededRequests({ candidateShare: share, baselineRate: rate }, bound)
      : neededAgainstRate(rate, bound);
  const minutes = Math.ceil(needed / (perMinute * Math.min(1, share)));
  const found = `at ${Number(sharePercent.toPrecision(3))} % of that, five times as many are seen`;
  return minutes > 24 * 60
    ? `${traffic}: ${found} only after days`
    : `${traffic}: ${found} after about ${minutes} min`;
}

function neededAgainstRate(
  rate: number,
  {
    ratio,
    against,
    evidence,
  }: { readonly ratio: number; readonly against: number; readonly evidence: number },
): number {
  const perRequest = rate * (ratio * naturalLogarithm(ratio / against) - ratio + against);
  return perRequest <= 0 ? Infinity : Math.ceil((naturalLogarithm(evidence) + spentOnGrid) / perRequest);
}
