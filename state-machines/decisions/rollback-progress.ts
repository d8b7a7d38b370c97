import { revocationKeyOf, verdictKeyOf } from '../log/events';
import type { Instant } from '../log/instant';
import { type Position, positionOf } from '../log/position';
import type { LiveRollout } from '../rollout/live-rollout';
import type { ProvenRevision } from '../service/service-memory';
import { nextAttempt } from './decision-events';
import { isHeldByAnother } from './rollback-lease';
import type { Situation } from './situation';

/**
 * Whether the next step of the rollout's rollback depends on what ECS shows: from the record of the
 * verdict, which needs nobody's consent, until it is under way, and while nobody else acts.
 */
export function awaitsEcs(live: LiveRollout, moment: { owner: string; now: Instant }): boolean {
  const { phase, recorded } = live;
  if (isHeldByAnother(recorded.attempt, moment)) return false;
  return (phase === 'rollingBack' && recorded.verdict && !isUnderWay(live)) || hasUnreportedAttempt(live);
}

/**
 * Under which keys the log may hold what counts for the next step of a way back: an attempt that
 * another process has begun, and what speaks against the revisions to go back to. That stands far
 * back in the log, where nobody reads who was not woken for it.
 */
export function keysForWayBack({ state, ...moment }: Situation): readonly Position[] {
  const { rollouts, memory } = state;
  const choosing = rollouts.filter((live) => live.phase === 'rollingBack' && awaitsEcs(live, moment));
  if (choosing.length === 0) return [];
  const attempts = choosing.map((live) => positionOf(nextAttempt(state, live)));
  return [...attempts, ...memory.proven.flatMap(keysAgainst)];
}

/** A rollout has one verdict: where it is known, only a revocation can follow. */
function keysAgainst({ isWithoutVerdict, ...rollout }: ProvenRevision): readonly Position[] {
  const revocation = revocationKeyOf(rollout);
  return isWithoutVerdict ? [verdictKeyOf(rollout), revocation] : [revocation];
}

/**
 * Whether the log says what became of the rollback; until then, what the events show may be
 * Rewind's own doing.
 */
export function isUnderWay({ context: { rollback }, recorded }: LiveRollout): boolean {
  const isTold = recorded.adopted || recorded.attempt?.outcome === 'issued';
  return rollback !== null && rollback.issuedAt !== null && (rollback.by === 'rewind' || isTold);
}

/**
 * Whether the service is back, and the log does not say what became of Rewind's own attempt: the
 * reconciler may have died over it.
 */
export function hasUnreportedAttempt({ context, recorded }: LiveRollout): boolean {
  return context.outcome === 'rolledBack' && recorded.attempt?.outcome === 'pending';
}

/**
 * Whether all that speaks against the rollout is a report that somebody takes it back. Where ECS
 * does not show that either, the report may be a stray one: to roll a healthy deployment back would
 * be worse than to wait for what comes next.
 */
export function isUnconfirmedByEcs({ context: { verdict, rollback } }: LiveRollout): boolean {
  const isOnlyReported = verdict?.reason === 'NativeFailure' || verdict?.reason === 'Operator';
  return isOnlyReported && rollback !== null && rollback.issuedAt !== null && rollback.by !== 'rewind';
}
