import { type Instant, instantFrom, secondsAfter } from '../log/instant';
import type { Arms } from './arms';
import { countsByMinute, type GroupReading, type MinuteCount, minuteSeconds } from './group-minutes';
import { type ArmCounts, type MeasuredWindow, noCounts } from './measured-window';

/** When a rollout shifted traffic, as far as ECS tells. */
export interface RolloutSpan {
  readonly startedAt: Instant;
  /** Its end, or until when the back-end tells whole minutes. */
  readonly until: Instant;
  /** The share of traffic of its first step, in percent; null where ECS replaces tasks. */
  readonly firstSharePercent: number | null;
}

interface WindowQuestion extends RolloutSpan {
  readonly arms: Arms;
  readonly readings: readonly GroupReading[];
  readonly count: MinuteCount;
  /** Minutes after each shift that are not judged: caches are cold, and connections are opened. */
  readonly warmUpMinutes: number;
}

/**
 * The windows in which the new version had users, minute by minute. They begin when it gets half of
 * what its first step gives it: before, a target group has test traffic, which its load balancer
 * does not tell apart. Pure.
 */
export function rolloutWindows(question: WindowQuestion): MeasuredWindow[] {
  const { arms, readings, count, firstSharePercent } = question;
  const readingOf = (group: string | null) => readings.find(({ targetGroup }) => targetGroup === group);
  const [ofCandidate, ofBaseline] = [readingOf(arms.candidate), readingOf(arms.baseline)];
  if (ofCandidate === undefined) return [];
  const isPartial = ofCandidate.isPartial || ofBaseline?.isPartial === true;
  const candidates = countsByMinute(ofCandidate, count);
  const baselines = ofBaseline === undefined ? null : countsByMinute(ofBaseline, count);
  const minutes = minutesOf(question).map((until) => ({
    until,
    candidate: candidates.get(until) ?? noCounts,
    baseline: baselines === null ? null : (baselines.get(until) ?? noCounts),
  }));
  const needed = firstSharePercent === null ? 0 : firstSharePercent / 200;
  const shares = minutes.map(shareOfCandidate);
  const first = shares.findIndex((share) => share > 0 && share >= needed);
  if (first < 0) return [];
  return minutes.flatMap((minute, index): MeasuredWindow[] => {
    if (index < first) return [];
    if (isPartial) return [{ until: minute.until, gap: 'partial' }];
    if (minute.candidate.requests <= 0) return [{ until: minute.until, gap: 'noRequests' }];
    const earlier = shares[index - question.warmUpMinutes] ?? 0;
    const isWarmingUp = needed > 0 && (shares[index] ?? 0) - earlier > needed;
    return isWarmingUp && question.warmUpMinutes > 0 ? [] : [minute];
  });
}

function shareOfCandidate({ candidate, baseline }: { candidate: ArmCounts; baseline: ArmCounts | null }) {
  const all = candidate.requests + (baseline?.requests ?? 0);
  return all <= 0 ? 0 : candidate.requests / all;
}

/** The ends of the whole minutes of a rollout: windows are aligned to the back-end's own. */
function minutesOf({ startedAt, until }: RolloutSpan): Instant[] {
  const milliseconds = minuteSeconds * 1000;
  const ends: Instant[] = [];
  let end = instantFrom((Math.floor(startedAt / milliseconds) + 1) * milliseconds);
  for (; end <= until; end = secondsAfter(end, minuteSeconds)) ends.push(end);
  return ends;
}
