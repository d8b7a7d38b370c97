import type { WeighedEvidence } from '../../log/foundation/service-past';
import type { Instant } from '../../log/instant';

/** Evidence that is enough to fail a rollout. It is held while something else may be to blame. */
export interface Suspicion {
  readonly since: Instant;
  readonly weighed: WeighedEvidence;
  /** When a task that came after the suspicion began to run; null while none does. */
  readonly replacedAt: Instant | null;
  /** Null: nothing else is to blame. */
  readonly hold: SuspicionHold | null;
}

export interface SuspicionHold {
  readonly reason: HoldReason;
  /** Nobody waits longer than this. */
  readonly until: Instant;
}

/** Why a verdict waits although the evidence is enough. */
const holdReasons = ['host', 'zone', 'oldTasks', 'suddenly', 'replacement'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** Whether the suspicion does not fail the rollout yet. */
export function isHeld({ hold }: Suspicion, at: Instant): boolean {
  return hold !== null && at < hold.until;
}
