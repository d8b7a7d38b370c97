import { exponential, naturalLogarithm } from '../log/foundation/exact-functions';
import { type Instant, secondsAfter } from '../log/instant';
import type { ArmCounts } from '../log/measuring/measurement';
import {
  evidenceOfBetter,
  evidenceOfWorse,
  noRatioEvidence,
  type RatioEvidence,
  type RatioInterval,
  ratioInterval,
  withWindow,
} from './likelihood/ratio-evidence';
import { comparedWithBaseline, comparedWithRate } from './likelihood/window-likelihood';
import {
  type CountedWindow,
  type GapKind,
  isCounted,
  type MeasuredWindow,
  noCounts,
  sumOfCounts,
} from './measured-window';

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
  /** What windows without another version are compared with; null: nothing. */
  readonly pastRate: number | null;
  /** Judged and shown, and decides nothing. */
  readonly isDryRun: boolean;
}

interface ComparisonRule {
  /** A candidate up to so many times as bad as the baseline does not fail. */
  readonly allowed: number;
  /** One that is so many times as bad is not accepted. */
  readonly unacceptable: number;
}

interface MaximumCount {
  readonly count: number;
  readonly withinSeconds: number;
}

/** How often the judgement of a whole rollout may be wrong, however often it is made. */
interface ErrorShares {
  /** Of the good candidates, so many may fail: between 0 and 1. Shared by all tests. */
  readonly falseAlarms: number;
  /** Of the candidates that are unacceptable, so many may be accepted. */
  readonly misses: number;
}

/** A share of the alarms that one of several tests may give, and the same of misses. */
export interface TestShares extends ErrorShares {
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
  /**
   * How many times the rate that it is compared with the candidate's is, with 95 % certainty; null
   * where nothing was compared.
   */
  readonly interval: RatioInterval | null;
  /** How much likelier what was seen is if the candidate is worse than allowed: the largest. */
  readonly evidence: number;
  readonly neededEvidence: number;
  readonly counted: number;
  readonly gaps: { readonly [kind in GapKind]: number };
}

/** A rule, and how often its judgement may be wrong. */
export interface JudgedRule {
  readonly rule: MetricRule;
  readonly shares: TestShares;
}

/**
 * With one more window, later than those before: failed at the first that is enough, accepted at
 * the first that shows it better than unacceptable. What has failed stays as it was then. Pure.
 */
export function judgedFurther(
  before: MetricProgress,
  window: MeasuredWindow,
  { rule, shares }: JudgedRule,
): MetricProgress {
  if (before.failed !== null) return before;
  if (!isCounted(window)) return withGap(before, window.gap);
  const progress = withCounts(before, window, rule);
  const brokenRule = brokenBy(progress, rule, shares);
  if (brokenRule !== null) return { ...progress, failed: { at: window.until, brokenRule } };
  const isAccepted = progress.acceptedAt !== null || isAcceptable(progress, shares);
  return isAccepted ? { ...progress, acceptedAt: progress.acceptedAt ?? window.until } : progress;
}

/**
 * What the windows so far say: blind where the back-end told of fewer than half of them, and
 * undecided where nothing else is known. Pure.
 */
export function judgementOf(progress: MetricProgress, { rule, shares }: JudgedRule): MetricJudgement {
  const { failed, acceptedAt } = progress;
  const judgement = described(progress, rule, shares);
  if (failed !== null) return { ...judgement, result: 'failed', ...failed };
  if (isBlind(progress)) return judgement;
  return { ...judgement, result: acceptedAt === null ? 'undecided' : 'accepted', at: acceptedAt };
}

/** What windows have come to: of fixed size, but for a limit of a number. */
export interface MetricProgress {
  readonly compared: RatioEvidence | null;
  readonly limited: RatioEvidence | null;
  readonly candidate: ArmCounts;
  readonly comparedCandidate: ArmCounts;
  readonly baseline: ArmCounts;
  readonly recent: readonly { readonly until: Instant; readonly events: number }[];
  readonly counted: number;
  readonly gaps: MetricJudgement['gaps'];
  readonly acceptedAt: Instant | null;
  /** The window that failed it, and how; null where none did. */
  readonly failed: { readonly at: Instant; readonly brokenRule: BrokenRule } | null;
}

export function unjudged({ comparison, maximumRate, dispersion }: MetricRule): MetricProgress {
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
    failed: null,
  };
}

function withGap(progress: MetricProgress, gap: GapKind): MetricProgress {
  return { ...progress, gaps: { ...progress.gaps, [gap]: progress.gaps[gap] + 1 } };
}

function withCounts(progress: MetricProgress, window: CountedWindow, rule: MetricRule): MetricProgress {
  const { candidate, baseline } = window;
  if (candidate.requests <= 0) return withGap(progress, 'noRequests');
  const { pastRate } = rule;
  const likelihood =
    comparedWithBaseline(window) ?? (pastRate === null ? null : comparedWithRate(candidate, pastRate));
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
    recent: [...progress.recent, { until: window.until, events: candidate.events }].filter(
      ({ until }) => until > secondsAfter(window.until, -spanSeconds),
    ),
    counted: progress.counted + 1,
  };
}

function brokenBy(
  progress: MetricProgress,
  { maximumCount }: MetricRule,
  shares: TestShares,
): BrokenRule | null {
  const needed = neededEvidenceIn(shares);
  const { compared, limited, recent } = progress;
  if (compared !== null && evidenceOfWorse(compared) >= needed) return 'comparison';
  if (limited !== null && evidenceOfWorse(limited) >= needed) return 'maximumRate';
  const events = recent.reduce((sum, one) => sum + one.events, 0);
  return maximumCount !== null && events > maximumCount.count ? 'maximumCount' : null;
}

/** As a logarithm. */
function neededEvidenceIn({ falseAlarms, tests }: TestShares): number {
  return naturalLogarithm(tests / falseAlarms);
}

/** A limit of a number alone says nothing of how the candidate will go on. */
function isAcceptable({ compared, limited }: MetricProgress, { misses }: TestShares): boolean {
  const asked = [compared, limited].filter((evidence) => evidence !== null);
  return (
    asked.length > 0 && asked.every((evidence) => evidenceOfBetter(evidence) >= -naturalLogarithm(misses))
  );
}

function isBlind({ counted, gaps: { partial, unreadable, noRequests } }: MetricProgress): boolean {
  const unseen = partial + unreadable;
  return unseen > counted + noRequests;
}

const certainty = 0.95;

function described(progress: MetricProgress, rule: MetricRule, shares: TestShares): MetricJudgement {
  const { compared, limited, baseline, counted, gaps } = progress;
  const isCompared = compared !== null && progress.comparedCandidate.requests > 0;
  const evidence = [compared, limited].map((one) => (one === null ? -Infinity : evidenceOfWorse(one)));
  return {
    rule,
    result: 'blind',
    at: null,
    brokenRule: null,
    candidate: isCompared ? progress.comparedCandidate : progress.candidate,
    baseline: isCompared && baseline.requests > 0 ? baseline : null,
    interval: isCompared ? ratioInterval(compared, certainty) : null,
    evidence: exponential(Math.min(largestLogarithm, Math.max(...evidence))),
    neededEvidence: shares.tests / shares.falseAlarms,
    counted,
    gaps,
  };
}

/** Beyond this it says no more. */
const largestLogarithm = 30;
