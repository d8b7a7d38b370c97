import type { ArmCounts } from '../log/measuring/measurement';
import type { MetricJudgement } from './judge-metric';
import { expectedRate, neededRequests } from './needed-requests';

/** A judgement in a sentence: the counts, the ratio with its interval, and what follows. Pure. */
export function describeJudgement(judgement: MetricJudgement, misses: number): string {
  return `${judgement.rule.metric}: ${whatWasSeen(judgement)}; ${whatFollows(judgement, misses)}`;
}

function whatWasSeen({
  candidate,
  baseline,
  interval,
  counted,
  rule: { pastRate },
}: MetricJudgement): string {
  if (counted === 0) return 'no request of the new version was counted';
  if (interval === null) return describeCounts(candidate);
  if (baseline === null) return describeAgainstPast(candidate, interval, pastRate);
  const counts = `${describeCounts(candidate)} against ${describeCounts(baseline)}`;
  const range = `95 %: ${ratioText(interval.from)}–${ratioText(interval.to)}`;
  const ratio = ratioOf(candidate, baseline);
  if (candidate.events + baseline.events === 0) return counts;
  return ratio === null ? `${counts}: times as many ${range}` : `${counts}: ${ratioText(ratio)} × (${range})`;
}

function describeAgainstPast(
  candidate: ArmCounts,
  interval: NonNullable<MetricJudgement['interval']>,
  pastRate: number | null,
): string {
  const range = `95 %: ${ratioText(interval.from)}–${ratioText(interval.to)}`;
  const past = `the ${shareText(pastRate ?? 0)} of its worst quarter of an hour on the day before`;
  return `${describeCounts(candidate)} against ${past} (${range} ×)`;
}

function whatFollows(judgement: MetricJudgement, misses: number): string {
  const { result, counted } = judgement;
  const windows = counted === 1 ? '1 window' : `${counted} windows`;
  switch (result) {
    case 'failed':
      return `${whyItFailed(judgement)}; after ${windows}`;
    case 'accepted':
      return `accepted: ${whatIsExcluded(judgement)}, in ${windows}`;
    case 'blind':
      return 'blind: fewer than half of the windows could be read';
    case 'undecided':
      return `undecided after ${windows}${stillNeeded(judgement, misses)}`;
    default:
      return result satisfies never;
  }
}

function whyItFailed({ brokenRule, rule, evidence }: MetricJudgement): string {
  const { comparison, maximumCount, maximumRate } = rule;
  const chance = `chance below ${chanceText(evidence)}`;
  switch (brokenRule) {
    case 'comparison':
      return `${chance} if it were ${ratioText(comparison?.allowed ?? 1)} ×`;
    case 'maximumRate':
      return `${chance} if it were the ${shareText(maximumRate ?? 0)} allowed`;
    case 'maximumCount':
      return `more than ${maximumCount?.count} within ${maximumCount?.withinSeconds} s`;
    case null:
      return 'failed';
    default:
      return brokenRule satisfies never;
  }
}

function whatIsExcluded({ rule: { comparison, maximumRate } }: MetricJudgement): string {
  if (comparison !== null) return `less than ${ratioText(comparison.unacceptable)} ×`;
  return `less than the ${shareText(maximumRate ?? 0)} allowed`;
}

/** What a candidate like the baseline still needs to be accepted. */
function stillNeeded({ rule: { comparison }, candidate, baseline }: MetricJudgement, misses: number): string {
  if (comparison === null || baseline === null) return '';
  const traffic = {
    candidateShare: candidate.requests / (candidate.requests + baseline.requests),
    baselineRate: expectedRate(baseline),
  };
  const bound = { ratio: 1, against: comparison.unacceptable, evidence: 1 / misses };
  const more = neededRequests(traffic, bound) - candidate.requests;
  return more > 0 && Number.isFinite(more)
    ? ` (about ${wholeNumberText(roughly(more))} more requests needed)`
    : '';
}

function describeCounts({ requests, events }: ArmCounts): string {
  const rate = requests <= 0 ? '' : ` (${shareText(events / requests)})`;
  return `${wholeNumberText(events)} of ${wholeNumberText(requests)} requests${rate}`;
}

function ratioOf(candidate: ArmCounts, baseline: ArmCounts): number | null {
  if (baseline.events <= 0 || candidate.requests <= 0) return null;
  return candidate.events / candidate.requests / (baseline.events / baseline.requests);
}

/** Of a number that is a rule of thumb, two digits are enough. */
function roughly(count: number): number {
  const unit = 10 ** Math.max(0, `${Math.round(count)}`.length - 2);
  return Math.ceil(count / unit) * unit;
}

/** With a comma between thousands, the same in every country. */
function wholeNumberText(count: number): string {
  return `${Math.round(count)}`.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** With two digits that say something. */
function shareText(share: number): string {
  return `${twoDigits(100 * share)} %`;
}

function ratioText(ratio: number): string {
  return twoDigits(ratio);
}

function twoDigits(value: number): string {
  if (value >= 10) return wholeNumberText(value);
  return value === 0 ? '0' : `${Number(value.toPrecision(2))}`;
}

/** `1 in 10,000`: a chance no larger than that, with a digit. */
function chanceText(evidence: number): string {
  const unit = 10 ** (`${Math.floor(evidence)}`.length - 1);
  const atMost = Math.min(1e9, Math.floor(evidence / unit) * unit);
  return `1 in ${wholeNumberText(atMost)}`;
}
