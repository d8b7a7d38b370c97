import type { RewindEvent } from '../log/events';
import type { DeploymentId } from '../log/identifiers';
import { type Position, positionOf } from '../log/position';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import type { LiveRollout } from '../rollout/live-rollout';
import type { DecisionsAhead } from '../rollout/signals';

/**
 * Finality: what is recorded is final. A fact that was learnt late stands before a decision that
 * was made without it; while that decision lies ahead, the fact is kept, and neither a verdict nor
 * an end follows from it. This file says what lies ahead; state-machines/rollout withholds.
 */

/** Where the recorded verdicts and conclusions stand, by rollout, and openings, by deployment. */
export interface RecordedPositions {
  readonly openings: ReadonlyMap<DeploymentId, Position>;
  readonly verdicts: ReadonlyMap<RolloutKey, Position>;
  readonly conclusions: ReadonlyMap<RolloutKey, Position>;
}

export function recordedPositions(events: readonly RewindEvent[]): RecordedPositions {
  const openings = new Map<DeploymentId, Position>();
  const verdicts = new Map<RolloutKey, Position>();
  const conclusions = new Map<RolloutKey, Position>();
  for (const event of events) {
    if (event.type === 'RolloutOpened') openings.set(event.deployment, positionOf(event));
    if (event.type === 'VerdictReached') verdicts.set(rolloutKey(event), positionOf(event));
    if (event.type === 'RolloutConcluded') conclusions.set(rolloutKey(event), positionOf(event));
  }
  return { openings, verdicts, conclusions };
}

const nothingAhead: DecisionsAhead = { verdict: false, conclusion: false };

/** Which decisions on the rollout stand behind the event that is being folded. */
export function decisionsAhead(
  { context, recorded }: LiveRollout,
  event: RewindEvent,
  { openings, verdicts, conclusions }: RecordedPositions,
): DecisionsAhead {
  // A raw history holds no decisions, and this is asked of every event.
  if (openings.size + verdicts.size + conclusions.size === 0) return nothingAhead;
  const here = positionOf(event);
  const isAhead = (position: Position | undefined) => position !== undefined && position > here;
  // A start told late lies before the recorded opening: the decisions behind that are on it too.
  const opening = !recorded.opened && isAhead(openings.get(context.deployment));
  const key = rolloutKey(context);
  return {
    verdict: opening || isAhead(verdicts.get(key)),
    conclusion: opening || isAhead(conclusions.get(key)),
  };
}
