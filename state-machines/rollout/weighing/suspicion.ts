import type { WeighedEvidence } from '../../log/decided-events';
import type { Instant } from '../../log/instant';

/** Evidence that is enough to fail a rollout. It is held while something else may be to blame. */
export interface Suspicion {
  readonly since: Instant;
  readonly weighed: WeighedEvidence;
  /** Null: nothing else is to blame. */
  readonly hold: SuspicionHold | null;
}

export interface SuspicionHold {
  readonly reason: HoldReason;
  /** Nobody waits longer than this. */
  readonly until: Instant;
}

const holdReasons = ['host'] as const;
type HoldReason = (typeof holdReasons)[number];

/** Whether the suspicion does not fail the rollout yet. */
export function isHeld({ hold }: Suspicion, at: Instant): boolean {
  return hold !== null && at < hold.until;
}
