import { type Instant, instantFrom, secondsAfter } from '../log/instant';
import type { AnalysisMetric } from '../log/measuring/analysis-policy';
import {
  type AnalysisPlan,
  type ArmCounts,
  type Arms,
  type Measurement,
  type MetricReading,
  windowSeconds,
} from '../log/measuring/measurement';
import { countErrors, countSlow, countsByMinute, type GroupReading } from './group-minutes';
import { noCounts } from './measured-window';

interface MinutesQuestion {
  readonly plan: AnalysisPlan;
  readonly metrics: readonly AnalysisMetric[];
  /** Of both target groups. */
  readonly readings: readonly GroupReading[];
  /** The ends of the windows, in order. */
  readonly windows: readonly Instant[];
}

/** What the target groups of both versions counted in each window, metric by metric. Pure. */
export function measurementsIn({ plan, metrics, readings, windows }: MinutesQuestion): Measurement[] {
  const tables = metrics.map((metric) => ({ metric, ...tablesOf(plan.arms, metric, readings) }));
  return windows.map((until) => ({
    until,
    readings: tables.map(({ metric, isPartial, candidates, baselines }): MetricReading => {
      const candidate = candidates?.get(until) ?? noCounts;
      const baseline = baselines === null ? null : (baselines.get(until) ?? noCounts);
      const state = candidates === null ? 'unreadable' : isPartial ? 'partial' : stateOf(candidate);
      return { metric: metric.name, state, candidate: candidates && candidate, baseline };
    }),
  }));
}

function stateOf({ requests }: ArmCounts) {
  return requests <= 0 ? 'missing' : 'measured';
}

function tablesOf(arms: Arms, { preset }: AnalysisMetric, readings: readonly GroupReading[]) {
  const count = preset === 'target-5xx' ? countErrors : countSlow;
  const readingOf = (group: string | null) => readings.find(({ targetGroup }) => targetGroup === group);
  const [ofCandidate, ofBaseline] = [readingOf(arms.candidate), readingOf(arms.baseline)];
  return {
    isPartial: ofCandidate?.isPartial === true || ofBaseline?.isPartial === true,
    candidates: ofCandidate === undefined ? null : countsByMinute(ofCandidate, count),
    baselines: ofBaseline === undefined ? null : countsByMinute(ofBaseline, count),
  };
}

/**
 * The ends of the windows of a rollout up to an instant, or of those behind a window that is
 * measured. They are aligned to the minutes of the back-end, and the first may have begun before
 * the rollout. Pure.
 */
export function windowEnds(startedAt: Instant, measuredUntil: Instant | null, until: Instant): Instant[] {
  const milliseconds = windowSeconds * 1000;
  const first = instantFrom((Math.floor(startedAt / milliseconds) + 1) * milliseconds);
  const ends: Instant[] = [];
  let end = measuredUntil === null ? first : secondsAfter(measuredUntil, windowSeconds);
  for (; end <= until && ends.length < windowsAtMost; end = secondsAfter(end, windowSeconds)) ends.push(end);
  return ends;
}

/** CloudWatch keeps minutes for 15 days. */
const windowsAtMost = 15 * 1440;
