import type { Instant } from '../log/instant';
import type { ArmCounts } from '../log/measuring/measurement';

/**
 * Why a window has no counts that could be judged. `noRequests`: the candidate had none, which is
 * never a success. `partial`: the back-end says that its counts are not whole. `unreadable`: it
 * did not answer, or not with counts.
 */
export type GapKind = 'noRequests' | 'partial' | 'unreadable';

/** One window of one metric. */
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

export const noCounts: ArmCounts = { requests: 0, events: 0 };

export function sumOfCounts(a: ArmCounts, b: ArmCounts): ArmCounts {
  return { requests: a.requests + b.requests, events: a.events + b.events };
}
