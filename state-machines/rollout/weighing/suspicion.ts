import type { WeighedEvidence } from '../../log/foundation/service-past';
import type { EventId } from '../../log/identifiers';
import type { Instant } from '../../log/instant';

/**
 * Evidence that is enough to fail a rollout. The verdict is postponed while something else may be
 * to blame.
 */
export interface Suspicion {
  readonly since: Instant;
  /** The event that raised it. */
  readonly raisedBy: EventId;
  readonly weighed: WeighedEvidence;
  /** When a task that came after the suspicion began to run; null while none does. */
  readonly replacedAt: Instant | null;
  /** Null: nothing else is to blame. */
  readonly postponement: Postponement | null;
}

/** Why a verdict is postponed although the evidence is enough, and until when at the latest. */
export interface Postponement {
  readonly reason: PostponementReason;
  readonly until: Instant;
}

export const postponementReasons = ['host', 'zone', 'oldTasks', 'suddenly', 'replacement'] as const;
export type PostponementReason = (typeof postponementReasons)[number];

/** Whether the suspicion does not fail the rollout yet. */
export function isPostponed({ postponement }: Suspicion, at: Instant): boolean {
  return postponement !== null && at < postponement.until;
}
