import { exponential, naturalLogarithm } from '../log/foundation/exact-functions';
import { type Instant, secondsAfter } from '../log/instant';
import {
  type ArmCounts,
  type CountedWindow,
  type GapKind,
  inOrderOfTime,
  isCounted,
  type MeasuredWindow,
  noCounts,
  sumOfCounts,
} from './measured-window';
import {
  evidenceOfBetter,
  evidenceOfWorse,
  noRatioEvidence,
  type RatioEvidence,
  type RatioInterval,
  ratioInterval,
  withWindow,
} from './ratio-evidence';
import { comparedWithBaseline, comparedWithRate } from './window-likelihood';

/** What a metric is held to. At least one of the three is given. */
export interface MetricRule {
  readonly metric: string;
  readonly comparison: ComparisonRule | null;
  /** So much of the candidate's requests may be events: between 0 and 1. */
  readonly maximumRate: number | null;
  /** So many events of the candidate may come within so many seconds: literally. */
  readonly maximumCount: MaximumCount | null;
  /** Of the baseline's past; 1 or more. */
  readonly dispersion: number;
}

export interface ComparisonRule {
  /** A candidate up to so many times as bad as the baseline does not fail. */
  readonly allowed: number;
  /** One that is so many times as bad is not accepted. */
  readonly unacceptable: number;
}

export interface MaximumCount {
  readonly count: number;
  readonly withinSeconds: number;
}

/** How often the judgement of a whole rollout may be wrong, however often it is made. */
export interface ErrorShares {
  /** Of the good candidates, so many may fail: between 0 and 1. Shared by all tests. */
  readonly falseAlarms: number;
  /** Of the candidates that are unacceptable, so many may be accepted. */
  readonly misses: number;
}

/** A share of the alarms that one of several tests may give, and the same of misses. */
interface TestShares extends ErrorShares {
  readonly tests: number;
}

export type MetricResult = 'failed' | 'accepted' | 'undecided' | 'blind';

/** Which of its rules the candidate has broken. */
type BrokenRule = 'comparison' | 'maximumRate' | 'maximumCount';

/** What the windows of a metric say. Where it failed, all numbers are those of that moment. */
export interface MetricJudgement {
  readonly rule: MetricRule;
  readonly result: MetricResult;
  /** The end of the window that failed or accepted it; null where none did. */
  readonly at: Instant | null;
  readonly brokenRule: BrokenRule | null;
  readonly candidate: ArmCounts;
  /** In the windows in which both versions had requests; null where there was none. */
  readonly baseline: ArmCounts | null;
  /** How many times the baseline's rate the candidate's is, with 95 % certainty; null likewise. */
  readonly interval: RatioInterval | null;
  /** How much likelier what was seen is if the candidate is worse than allowed: the largest. */
  readonly evidence: number;
  readonly neededEvidence: number;
  readonly counted: number;
  readonly gaps: { readonly [kind in GapKind]: number };
}

/**
 * Judges the windows of one metric: failed at the first window that is enough, accepted at the
 * first that shows it better than unacceptable, blind where the back-end told of fewer than half of
 * the windows, and undecided otherwise. Any order, and any window twice, give the same. Pure.
 */
export function judgeMetric(
  windows: readonly MeasuredWindow[],
  rule: MetricRule,
  shares: TestShares,
): MetricJudgement {
  let progress = atStart(rule);
  for (const window of inOrderOfTime(windows)) {
    progress = isCounted(window) ? withCounts(progress, window, rule) : withGap(progress, window.gap);
    if (!isCounted(window)) continue;
    const brokenRule = brokenBy(progress, rule, shares);
    if (brokenRule !== null) {
      return { ...described(progress, rule, shares), result: 'failed', at: window.until, brokenRule };
    }
    if (progress.acceptedAt === null && isAcceptable(progress, shares)) {
      progress = { ...progress, acceptedAt: window.until };
    }
  }
  const { acceptedAt } = progress;
  const judgement = described(progress, rule, shares);
  if (isBlind(progress)) return judgement;
  return { ...judgement, result: acceptedAt === null ? 'undecided' : 'accepted', at: acceptedAt };
}

interface Progress {
  readonly compared: RatioEvidence | null;
  readonly limited: RatioEvidence | null;
  readonly candidate: ArmCounts;
  readonly comparedCandidate: ArmCounts;
  readonly baseline: ArmCounts;
  readonly recent: readonly CountedWindow[];
  readonly counted: number;
  readonly gaps: MetricJudgement['gaps'];
  readonly acceptedAt: Instant | null;
}

function atStart({ comparison, maximumRate, dispersion }: MetricRule): Progress {
  return {
    compared: comparison === null ? null : noRatioEvidence({ ...comparison, dispersion }),
    limited: maximumRate === null ? null : noRatioEvidence({ allowed: 1, unacceptable: 1, dispersion }),
    candidate: noCounts,
    comparedCandidate: noCounts,
    baseline: noCounts,
    recent: [],
    counted: 0,
    gaps: { noRequests: 0, partial: 0, unreadable: 0 },
    acceptedAt: null,
  };
}

function withGap(progress: Progress, gap: GapKind): Progress {
  return { ...progress, gaps: { ...progress.gaps, [gap]: progress.gaps[gap] + 1 } };
}

function withCounts(progress: Progress, window: CountedWindow, rule: MetricRule): Progress {
  const { candidate, baseline } = window;
  if (candidate.requests <= 0) return withGap(progress, 'noRequests');
  const likelihood = comparedWithBaseline(window);
  const { compared, limited } = progress;
  const { maximumRate, maximumCount } = rule;
  const spanSeconds = maximumCount?.withinSeconds ?? 0;
  return {
    ...progress,
    compared: compared && withWindow(compared, likelihood),
    limited: limited && withWindow(limited, comparedWithRate(candidate, maximumRate ?? 0)),
    candidate: sumOfCounts(progress.candidate, candidate),
    ...(likelihood === null
      ? {}
      : {
          comparedCandidate: sumOfCounts(progress.comparedCandidate, candidate),
          baseline: sumOfCounts(progress.baseline, baseline ?? noCounts),
        }),
    recent: [...progress.recent, window].filter(
      ({ until }) => until > secondsAfter(window.until, -spanSeconds),
    ),
    counted: progress.counted + 1,
  };
}

function brokenBy(progress: Progress, { maximumCount }: MetricRule, shares: TestShares): BrokenRule | null {
  const needed = neededEvidenceIn(shares);
  const { compared, limited, recent } = progress;
  if (compared !== null && evidenceOfWorse(compared) >= needed) return 'comparison';
  if (limited !== null && evidenceOfWorse(limited) >= needed) return 'maximumRate';
  const events = recent.reduce((sum, { candidate }) => sum + candidate.events, 0);
  return maximumCount !== null && events > maximumCount.count ? 'maximumCount' : null;
}

/** As a logarithm. */
function neededEvidenceIn({ falseAlarms, tests }: TestShares): number {
  return naturalLogarithm(tests / falseAlarms);
}

/** A limit of a number alone says nothing of how the candidate will go on. */
function isAcceptable({ compared, limited }: Progress, { misses }: TestShares): boolean {
  const asked = [compared, limited].filter((evidence) => evidence !== null);
  return (
    asked.length > 0 && asked.every((evidence) => evidenceOfBetter(evidence) >= -naturalLogarithm(misses))
  );
}

function isBlind({ counted, gaps: { partial, unreadable, noRequests } }: Progress): boolean {
  const unseen = partial + unreadable;
  return unseen > counted + noRequests;
}

const certainty = 0.95;

function described(progress: Progress, rule: MetricRule, shares: TestShares): MetricJudgement {
  const { compared, limited, baseline, counted, gaps } = progress;
  const isCompared = compared !== null && baseline.requests > 0;
  const evidence = [compared, limited].map((one) => (one === null ? -Infinity : evidenceOfWorse(one)));
  return {
    rule,
    result: 'blind',
    at: null,
    brokenRule: null,
    candidate: isCompared ? progress.comparedCandidate : progress.candidate,
    baseline: isCompared ? baseline : null,
    interval: isCompared ? ratioInterval(compared, certainty) : null,
    evidence: exponential(Math.min(largestLogarithm, Math.max(...evidence))),
    neededEvidence: shares.tests / shares.falseAlarms,
    counted,
    gaps,
  };
}

/** Beyond this it says no more. */
const largestLogarithm = 30;
