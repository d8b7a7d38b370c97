import type { DecidedEvent, RolloutConcluded, RolloutOpened } from '../log/decided-events';
import { isSecondConclusion, type RewindEvent } from '../log/events';
import type { DeploymentId } from '../log/identifiers';
import { type Position, positionOf } from '../log/position';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import {
  hadLongLeftWatching,
  isOnProbation,
  isSameRollout,
  isStartedAgain,
  type LiveRollout,
} from '../rollout/live-rollout';
import type { DecisionsAhead } from '../rollout/signals';

/**
 * Finality: what is recorded is final. A fact that was learnt late stands before a decision that
 * was made without it; while that decision lies ahead, the fact is kept, and neither a verdict nor
 * an end follows from it. This file says what lies ahead; state-machines/rollout withholds.
 */

/**
 * Where the recorded verdicts and conclusions stand, by rollout, and the openings of a deployment.
 */
export interface RecordedPositions {
  readonly openings: ReadonlyMap<DeploymentId, readonly RolloutOpened[]>;
  /** Of rollouts of which ECS told that it goes back to their deployment. */
  readonly goingBack: ReadonlySet<RolloutKey>;
  readonly verdicts: ReadonlyMap<RolloutKey, Position>;
  readonly conclusions: ReadonlyMap<RolloutKey, Position>;
  /** Of rollouts that had passed: what revoked the pass, and how they ended after that. */
  readonly revocations: ReadonlyMap<RolloutKey, Position>;
  readonly secondConclusions: ReadonlyMap<RolloutKey, Position>;
  /** The conclusions themselves, by where they stand. */
  readonly ends: ReadonlyMap<Position, RolloutConcluded>;
  /** Whether there is any decision. */
  readonly areAny: boolean;
}

export function recordedPositions(events: readonly RewindEvent[]): RecordedPositions {
  const openings = new Map<DeploymentId, RolloutOpened[]>();
  const goingBack = new Set<RolloutKey>();
  const verdicts = new Map<RolloutKey, Position>();
  const conclusions = new Map<RolloutKey, Position>();
  const revocations = new Map<RolloutKey, Position>();
  const secondConclusions = new Map<RolloutKey, Position>();
  const ends = new Map<Position, RolloutConcluded>();
  for (const event of events) {
    if (event.type === 'DeploymentStarted' && event.isRollback) {
      goingBack.add(rolloutKey({ deployment: event.deployment, startedAt: event.occurredAt }));
    }
    if (event.type === 'RolloutOpened') {
      openings.set(event.deployment, [...(openings.get(event.deployment) ?? []), event]);
    }
    if (event.type === 'VerdictReached') verdicts.set(rolloutKey(event), positionOf(event));
    if (event.type === 'PassRevoked') revocations.set(rolloutKey(event), positionOf(event));
    if (event.type !== 'RolloutConcluded') continue;
    const ofKind = isSecondConclusion(event) ? secondConclusions : conclusions;
    ofKind.set(rolloutKey(event), positionOf(event));
    ends.set(positionOf(event), event);
  }
  moveBehindVerdicts(conclusions, { verdicts, ends });
  const decisions = { openings, verdicts, conclusions, revocations, secondConclusions, ends };
  return { ...decisions, goingBack, areAny: Object.values(decisions).some(({ size }) => size > 0) };
}

/**
 * A conclusion that was recorded without the verdict, by a process that did not know of it, may
 * stand before it. It counts from there on: a rollout that has ended is not judged any more.
 */
function moveBehindVerdicts(
  conclusions: Map<RolloutKey, Position>,
  { verdicts, ends }: { verdicts: ReadonlyMap<RolloutKey, Position>; ends: Map<Position, RolloutConcluded> },
): void {
  for (const [key, verdict] of verdicts) {
    const recorded = conclusions.get(key);
    const end = recorded === undefined || recorded > verdict ? undefined : ends.get(recorded);
    if (recorded === undefined || end === undefined) continue;
    ends.delete(recorded);
    ends.set(behind(verdict), end);
    conclusions.set(key, behind(verdict));
  }
}

function behind(position: Position): Position {
  return `${position}~` as Position;
}

/** What counts from a decision on: itself, unless it waits for a verdict, and what waits for it. */
export function decisionsFrom(
  { verdicts, ends }: RecordedPositions,
  event: DecidedEvent,
): readonly DecidedEvent[] {
  const verdict = verdicts.get(rolloutKey(event));
  const waiting = verdict && ends.get(behind(verdict));
  if (waiting === undefined) return [event];
  if (positionOf(event) === verdict) return [event, waiting];
  return positionOf(event) === positionOf(waiting) ? [] : [event];
}

/** Whether ECS told of the start of a recorded opening that it goes back to the deployment. */
function goesBack({ goingBack }: RecordedPositions, opened: RolloutOpened): boolean {
  return goingBack.has(rolloutKey(opened));
}

/** The opening of the rollout that the log took the event for the first of; null without one. */
export function openingBy(
  { openings }: RecordedPositions,
  deployment: DeploymentId,
  event: RewindEvent,
): RolloutOpened | null {
  const beginning = `${positionOf(event)}~`;
  return openings.get(deployment)?.find((opened) => positionOf(opened).startsWith(beginning)) ?? null;
}

const nothingAhead: DecisionsAhead = { verdict: false, conclusion: false };

/** Which decisions on the rollout stand behind the event that is being folded. */
export function decisionsAhead(
  live: LiveRollout,
  event: RewindEvent,
  positions: RecordedPositions,
): DecisionsAhead {
  // A raw history holds no decisions, and this is asked of every event.
  if (!positions.areAny) return nothingAhead;
  const { openings } = positions;
  const { context, recorded } = live;
  const here = positionOf(event);
  const isAhead = (position: Position | undefined) => position !== undefined && position > here;
  // A start told late lies before the recorded opening: the decisions behind that are on it too.
  const isOpenedAhead = (opened: RolloutOpened) =>
    isAhead(positionOf(opened)) && mayBeOf(live, opened, positions);
  const opening = !recorded.opened && openings.get(context.deployment)?.some(isOpenedAhead) === true;
  const key = rolloutKey(context);
  const isReopened = context.verdict?.revokes !== undefined;
  const verdicts = isReopened || isOnProbation(live) ? positions.revocations : positions.verdicts;
  const conclusions = isReopened ? positions.secondConclusions : positions.conclusions;
  return {
    verdict: opening || isAhead(verdicts.get(key)),
    conclusion: opening || isAhead(conclusions.get(key)),
  };
}

/**
 * The recorded conclusion of a rollout that was made of the event which is being folded, and stands
 * directly behind it; null where none does, or a verdict comes before it.
 */
export function endRecordedAt(
  live: LiveRollout,
  event: RewindEvent,
  positions: RecordedPositions,
): RolloutConcluded | null {
  if (!positions.areAny || decisionsAhead(live, event, positions).verdict) return null;
  const { conclusions, secondConclusions, ends } = positions;
  const isReopened = live.context.verdict?.revokes !== undefined;
  const position = (isReopened ? secondConclusions : conclusions).get(rolloutKey(live.context));
  const isOfEvent = position?.startsWith(`${positionOf(event)}~`) === true;
  return (isOfEvent && ends.get(position)) || null;
}

/**
 * Whether a recorded opening may be that of a live rollout, whose start was told late and lies
 * before it, or was told twice and opened by two at once. What had long left watching by then was
 * another rollout, and so is one that ECS goes back to by its old id. One that was opened unseen
 * may have been completed under such a start.
 */
export function mayBeOf(live: LiveRollout, opened: RolloutOpened, positions: RecordedPositions): boolean {
  const { startedAt, isUnseen } = opened;
  if (isSameRollout(live, opened)) return true;
  if (live.recorded.opened && !isUnseen) return false;
  if (hadLongLeftWatching(live, startedAt)) return false;
  return !isStartedAgain(live, { isRollback: goesBack(positions, opened), occurredAt: startedAt });
}
