import { type Instant, instantFrom, secondsAfter } from '../log/instant';
import type { AnalysisMetric, ProvidedMetric } from '../log/measuring/analysis-policy';
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

/** What a back-end that is no load balancer counted of one version, by the ends of minutes. */
export interface VersionReading {
  /** A minute without requests is left out. */
  readonly minutes: ReadonlyMap<Instant, ArmCounts>;
  /** The back-end did not tell all that it has. */
  readonly isPartial: boolean;
}

/** The readings of a metric by what its back-end told of the new and the old version. Pure. */
export function providedReadings(
  { name: metric }: Pick<ProvidedMetric, 'name'>,
  [ofCandidate, ofBaseline]: readonly (VersionReading | undefined)[],
  windows: readonly Instant[],
): MetricReading[] {
  return windows.map((until) => {
    const candidate = ofCandidate?.minutes.get(until) ?? noCounts;
    const baseline = ofBaseline === undefined ? null : (ofBaseline.minutes.get(until) ?? noCounts);
    const isPartial = ofCandidate?.isPartial === true || ofBaseline?.isPartial === true;
    return { metric, state: isPartial ? 'partial' : stateOf(candidate), candidate, baseline };
  });
}

/** The readings of a metric whose back-end did not answer, or not with counts. Pure. */
export function unreadableReading(metric: string, because: string): MetricReading {
  return { metric, state: 'unreadable', candidate: null, baseline: null, because };
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
