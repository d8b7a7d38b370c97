import type { DeploymentId } from '../../log/identifiers';
import type { Instant } from '../../log/instant';
import type { OperatorActed } from '../../log/observed-events';

/** Somebody holds the judgement of one deployment open. */
export interface Pause {
  readonly deployment: DeploymentId;
  readonly since: Instant;
  readonly until: Instant;
  readonly by: string | null;
  readonly reason: string | null;
}

/** The memory with the pause; as it was for one that names no deployment, or has no end. */
export function pausedBy<Memory extends { readonly pause?: Pause }>(
  memory: Memory,
  { deployment, until, by, reason, occurredAt: since }: OperatorActed,
): Memory {
  if (deployment === undefined || until === undefined) return memory;
  return { ...memory, pause: { deployment, since, until, by, reason } };
}

/**
 * When the time that a phase ends by is over: no sooner than a pause of its deployment ends. What
 * fails meanwhile fails it all the same.
 */
export function afterPause(
  { pause }: { readonly pause?: Pause },
  deployment: DeploymentId,
  dueAt: Instant,
): Instant {
  return pause?.deployment === deployment && pause.until > dueAt ? pause.until : dueAt;
}
