import type { Instant } from '../log/instant';

/**
 * What one version did in a window: the requests that it answered, and of them those that count
 * against it, such as errors or slow answers. Neither need be whole: some back-ends interpolate.
 */
export interface ArmCounts {
  readonly requests: number;
  readonly events: number;
}

/**
 * Why a window has no counts that could be judged. `noRequests`: the candidate had none, which is
 * never a success. `partial`: the back-end says that its counts are not whole. `unreadable`: it
 * did not answer, or not with counts.
 */
export type GapKind = 'noRequests' | 'partial' | 'unreadable';

/** One window of one metric. `until` names it: a second reading of the same window is none. */
export type MeasuredWindow = CountedWindow | WindowGap;

export interface CountedWindow {
  readonly until: Instant;
  readonly candidate: ArmCounts;
  /** Null where there is no other version to compare with. */
  readonly baseline: ArmCounts | null;
}

interface WindowGap {
  readonly until: Instant;
  readonly gap: GapKind;
}

export function isCounted(window: MeasuredWindow): window is CountedWindow {
  return !('gap' in window);
}

/** The windows in the order of time; of two readings of one window the first stands. Pure. */
export function inOrderOfTime(windows: readonly MeasuredWindow[]): readonly MeasuredWindow[] {
  const byEnd = new Map<Instant, MeasuredWindow>();
  for (const window of windows) if (!byEnd.has(window.until)) byEnd.set(window.until, window);
  return [...byEnd.values()].toSorted((a, b) => a.until - b.until);
}

export const noCounts: ArmCounts = { requests: 0, events: 0 };

export function sumOfCounts(a: ArmCounts, b: ArmCounts): ArmCounts {
  return { requests: a.requests + b.requests, events: a.events + b.events };
}
