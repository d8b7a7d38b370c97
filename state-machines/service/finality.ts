import type { RolloutConcluded, RolloutOpened } from '../log/decided-events';
import { isSecondConclusion, type RewindEvent } from '../log/events';
import type { DeploymentId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { type Position, positionOf } from '../log/position';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import {
  hadLongLeftWatching,
  isOnProbation,
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
  readonly openings: ReadonlyMap<DeploymentId, readonly RecordedOpening[]>;
  readonly verdicts: ReadonlyMap<RolloutKey, Position>;
  readonly conclusions: ReadonlyMap<RolloutKey, Position>;
  /** Of rollouts that had passed: what revoked the pass, and how they ended after that. */
  readonly revocations: ReadonlyMap<RolloutKey, Position>;
  readonly secondConclusions: ReadonlyMap<RolloutKey, Position>;
  /** The conclusions themselves, by where they stand. */
  readonly ends: ReadonlyMap<Position, RolloutConcluded>;
  /** Whether there is any of these. */
  readonly areAny: boolean;
}

interface RecordedOpening {
  readonly position: Position;
  readonly startedAt: Instant;
  /** When ECS told that it goes back to the deployment; null where no such start precedes. */
  readonly goesBackAt: Instant | null;
}

export function recordedPositions(events: readonly RewindEvent[]): RecordedPositions {
  const openings = recordedOpenings(events);
  const verdicts = new Map<RolloutKey, Position>();
  const conclusions = new Map<RolloutKey, Position>();
  const revocations = new Map<RolloutKey, Position>();
  const secondConclusions = new Map<RolloutKey, Position>();
  const ends = new Map<Position, RolloutConcluded>();
  for (const event of events) {
    if (event.type === 'VerdictReached') verdicts.set(rolloutKey(event), positionOf(event));
    if (event.type === 'PassRevoked') revocations.set(rolloutKey(event), positionOf(event));
    if (event.type !== 'RolloutConcluded') continue;
    const ofKind = isSecondConclusion(event) ? secondConclusions : conclusions;
    ofKind.set(rolloutKey(event), positionOf(event));
    ends.set(positionOf(event), event);
  }
  const positions = { openings, verdicts, conclusions, revocations, secondConclusions, ends };
  return { ...positions, areAny: Object.values(positions).some(({ size }) => size > 0) };
}

function recordedOpenings(events: readonly RewindEvent[]): RecordedPositions['openings'] {
  const openings = new Map<DeploymentId, RecordedOpening[]>();
  const goingBack = new Set<RolloutKey>();
  for (const event of events) {
    if (event.type === 'DeploymentStarted' && event.isRollback) {
      goingBack.add(rolloutKey({ deployment: event.deployment, startedAt: event.occurredAt }));
    }
    if (event.type !== 'RolloutOpened') continue;
    // In order, the start stands before its opening.
    const goesBackAt = goingBack.has(rolloutKey(event)) ? event.startedAt : null;
    const others = openings.get(event.deployment) ?? [];
    openings.set(event.deployment, [
      ...others,
      { position: positionOf(event), startedAt: event.startedAt, goesBackAt },
    ]);
  }
  return openings;
}

/** Whether ECS told of the start of a recorded opening that it goes back to the deployment. */
export function goesBack({ openings }: RecordedPositions, opened: RolloutOpened): boolean {
  const position = positionOf(opened);
  const recorded = openings.get(opened.deployment)?.find((opening) => opening.position === position);
  return recorded !== undefined && recorded.goesBackAt !== null;
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
  const opening =
    !recorded.opened &&
    openings.get(context.deployment)?.some((one) => isAhead(one.position) && mayBeOf(live, one)) === true;
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

/** Whether the log took the event for the first of a rollout of the deployment. */
export function isRecordedStart(
  { openings }: RecordedPositions,
  deployment: DeploymentId,
  event: RewindEvent,
): boolean {
  const beginning = `${positionOf(event)}~`;
  return openings.get(deployment)?.some(({ position }) => position.startsWith(beginning)) === true;
}

/** ECS goes back to a deployment by its old id: that is another rollout of it. */
function mayBeOf(live: LiveRollout, { goesBackAt, startedAt }: RecordedOpening): boolean {
  if (hadLongLeftWatching(live, startedAt)) return false;
  return goesBackAt === null || !isStartedAgain(live, { isRollback: true, occurredAt: goesBackAt });
}
