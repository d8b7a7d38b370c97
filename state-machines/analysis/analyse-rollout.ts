import { type Instant, secondsAfter } from '../log/instant';
import { type Arms, type ArmsQuestion, armsOf } from './arms';
import { dispersionOf } from './dispersion';
import { countErrors, countSlow, countsByMinute, type GroupReading, type MinuteCount } from './group-minutes';
import type { ComparisonRule, ErrorShares, MaximumCount, MetricRule } from './judge-metric';
import { judgeMetrics, type RolloutAnalysis } from './judge-metrics';
import { type ArmCounts, isCounted, type MeasuredWindow, noCounts, sumOfCounts } from './measured-window';
import { type RolloutSpan, rolloutWindows } from './rollout-windows';

/** What a rollout is held to. */
export interface AnalysisRules {
  readonly errors: ComparisonRule;
  readonly slow: ComparisonRule;
  /** Of errors. */
  readonly maximumRate: number | null;
  readonly maximumCount: MaximumCount | null;
  readonly shares: ErrorShares;
}

/** A rollout, and all that load balancers tell of it. */
interface MeasuredRollout extends RolloutSpan, ArmsQuestion {
  /** From a day before its start to its end. */
  readonly readings: readonly GroupReading[];
  /** Whether slow answers were counted. */
  readonly hasSlow: boolean;
}

/** What the measurements of a rollout say. */
export interface RolloutFindings {
  readonly arms: Arms;
  readonly analysis: RolloutAnalysis;
  /** The end of the first minute in which the new version had users; null where it had none. */
  readonly firstUsersUntil: Instant | null;
  /** What the new version answered until the rollout's end. */
  readonly answered: ArmCounts;
  /** Of it, what it had answered when it failed; null where it did not. */
  readonly answeredAtFailure: ArmCounts | null;
}

/** So long do errors and response times mislead after a shift. */
const slowWarmUpMinutes = 2;

/** Judges one rollout by what its users got. Pure. */
export function analyseRollout(rollout: MeasuredRollout, rules: AnalysisRules): RolloutFindings {
  const arms = armsOf(rollout, rollout.readings);
  const windowsOf = (count: MinuteCount, warmUpMinutes: number) =>
    rolloutWindows({ ...rollout, arms, count, warmUpMinutes });
  const errors = windowsOf(countErrors, 0);
  const isCompared = arms.baseline !== null;
  const ofErrors: MetricRule = {
    metric: 'errors',
    comparison: isCompared ? rules.errors : null,
    maximumRate: rules.maximumRate,
    maximumCount: rules.maximumCount,
    dispersion: dispersionOf(pastOf(rollout, countErrors)),
  };
  const ofSlow: MetricRule = {
    metric: 'slow',
    comparison: rules.slow,
    maximumRate: null,
    maximumCount: null,
    dispersion: dispersionOf(pastOf(rollout, countSlow)),
  };
  const isSlowJudged = isCompared && rollout.hasSlow;
  const analysis = judgeMetrics(
    [
      ...(isHeldToAnything(ofErrors) ? [{ rule: ofErrors, windows: errors }] : []),
      ...(isSlowJudged ? [{ rule: ofSlow, windows: windowsOf(countSlow, slowWarmUpMinutes) }] : []),
    ],
    rules.shares,
  );
  const failedAt = analysis.failed?.at ?? null;
  return {
    arms,
    analysis,
    firstUsersUntil: errors[0]?.until ?? null,
    answered: answeredIn(errors, rollout.until),
    answeredAtFailure: failedAt === null ? null : answeredIn(errors, failedAt),
  };
}

function isHeldToAnything({ comparison, maximumRate, maximumCount }: MetricRule): boolean {
  return comparison !== null || maximumRate !== null || maximumCount !== null;
}

function answeredIn(windows: readonly MeasuredWindow[], until: Instant): ArmCounts {
  return windows
    .filter(isCounted)
    .filter((window) => window.until <= until)
    .map(({ candidate }) => candidate)
    .reduce(sumOfCounts, noCounts);
}

/** A day of all target groups together: whichever version had the traffic then. */
const pastSeconds = 86_400;

function pastOf({ readings, startedAt }: MeasuredRollout, count: MinuteCount): ArmCounts[] {
  const since = secondsAfter(startedAt, -pastSeconds);
  const byMinute = new Map<Instant, ArmCounts>();
  for (const reading of readings) {
    for (const [until, counts] of countsByMinute(reading, count)) {
      if (until <= since || until > startedAt) continue;
      byMinute.set(until, sumOfCounts(byMinute.get(until) ?? noCounts, counts));
    }
  }
  return [...byMinute].sort(([a], [b]) => a - b).map(([, counts]) => counts);
}
