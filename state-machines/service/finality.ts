import type {
  DecidedEvent,
  Outcome,
  PassRevoked,
  RolloutConcluded,
  RolloutOpened,
  Verdict,
  VerdictReached,
} from '../log/decided-events';
import { isSecondConclusion, type RewindEvent } from '../log/events';
import type { DeploymentId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { DeploymentStarted } from '../log/observed-events';
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
  /** The starts that ECS told of. What earlier ones ended has ended in the state folded onto. */
  readonly starts: readonly DeploymentStarted[];
  readonly verdicts: ReadonlyMap<RolloutKey, Position>;
  readonly conclusions: ReadonlyMap<RolloutKey, Position>;
  /** Of rollouts that had passed: what revoked the pass, and how they ended after that. */
  readonly revocations: ReadonlyMap<RolloutKey, Position>;
  readonly secondConclusions: ReadonlyMap<RolloutKey, Position>;
  /** The decisions themselves, by where they stand. */
  readonly final: ReadonlyMap<Position, FinalDecision>;
  /** Whether there is any decision. */
  readonly areAny: boolean;
}

type FinalDecision = VerdictReached | PassRevoked | RolloutConcluded;
type KindOfFinal = 'verdicts' | 'conclusions' | 'revocations' | 'secondConclusions';
type Positions = Readonly<Record<KindOfFinal, Map<RolloutKey, Position>>>;

export function recordedPositions(events: readonly RewindEvent[]): RecordedPositions {
  const openings = new Map<DeploymentId, RolloutOpened[]>();
  const starts: DeploymentStarted[] = [];
  const positions: Positions = {
    verdicts: new Map(),
    conclusions: new Map(),
    revocations: new Map(),
    secondConclusions: new Map(),
  };
  const final = new Map<Position, FinalDecision>();
  for (const event of events) {
    if (event.type === 'DeploymentStarted') starts.push(event);
    if (event.type === 'RolloutOpened') {
      openings.set(event.deployment, [...(openings.get(event.deployment) ?? []), event]);
    }
    if (!isFinal(event)) continue;
    positions[kindOf(event)].set(rolloutKey(event), positionOf(event));
    final.set(positionOf(event), event);
  }
  moveBehindVerdicts(positions, final);
  return { openings, starts, ...positions, final, areAny: openings.size + final.size > 0 };
}

function isFinal(event: RewindEvent): event is FinalDecision {
  const { type } = event;
  return type === 'VerdictReached' || type === 'PassRevoked' || type === 'RolloutConcluded';
}

function kindOf(event: FinalDecision): KindOfFinal {
  if (event.type === 'VerdictReached') return 'verdicts';
  if (event.type === 'PassRevoked') return 'revocations';
  return isSecondConclusion(event) ? 'secondConclusions' : 'conclusions';
}

/**
 * A conclusion that was recorded without the verdict, by a process that did not know of it, may
 * stand before it. It counts from there on: a rollout that has ended is not judged any more.
 */
function moveBehindVerdicts({ verdicts, conclusions }: Positions, final: Map<Position, FinalDecision>): void {
  for (const [key, verdict] of verdicts) {
    const recorded = conclusions.get(key);
    const end = recorded === undefined || recorded > verdict ? undefined : final.get(recorded);
    if (recorded === undefined || end === undefined) continue;
    final.delete(recorded);
    final.set(behind(verdict), end);
    conclusions.set(key, behind(verdict));
  }
}

function behind(position: Position): Position {
  return `${position}~` as Position;
}

/** What counts from a decision on: itself, unless it waits for a verdict, and what waits for it. */
export function decisionsFrom(
  { verdicts, final }: RecordedPositions,
  event: DecidedEvent,
): readonly DecidedEvent[] {
  const verdict = verdicts.get(rolloutKey(event));
  const waiting = verdict && final.get(behind(verdict));
  if (waiting === undefined) return [event];
  if (positionOf(event) === verdict) return [event, waiting];
  return positionOf(event) === positionOf(waiting) ? [] : [event];
}

/** Whether the event is a conclusion that waits for a verdict which stands there, or behind. */
export function waitsBeyond(place: Position, event: RewindEvent, positions: RecordedPositions): boolean {
  if (event.type !== 'RolloutConcluded' || decisionsFrom(positions, event).length > 0) return false;
  const verdict = positions.verdicts.get(rolloutKey(event));
  return verdict !== undefined && verdict >= place;
}

/** Whether ECS told of the start of a recorded opening that it goes back to the deployment. */
function goesBack({ starts }: RecordedPositions, { deployment, startedAt }: RolloutOpened): boolean {
  return starts.some(
    (start) => start.isRollback && start.deployment === deployment && start.occurredAt === startedAt,
  );
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

const nothingAhead: DecisionsAhead = {
  verdict: false,
  conclusion: false,
  unjudgedEnd: false,
  revocation: false,
};

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
    isAhead(positionOf(opened)) && !isSameRollout(live, opened) && mayBeOf(live, opened, positions);
  const opening = !recorded.opened && openings.get(context.deployment)?.some(isOpenedAhead) === true;
  const { verdict, conclusion } = decisionsOn(live, positions);
  return {
    verdict: opening || isAhead(verdict),
    conclusion: opening || isAhead(conclusion),
    unjudgedEnd: verdict === undefined && isAhead(conclusion) && isReplaced(conclusion, positions),
    revocation: isAhead(positions.revocations.get(rolloutKey(context))),
  };
}

function isReplaced(conclusion: Position | undefined, { final }: RecordedPositions): boolean {
  const end = conclusion && final.get(conclusion);
  return end?.type === 'RolloutConcluded' && end.outcome === 'superseded';
}

/** Where the verdict and the conclusion stand that the rollout comes to next. */
function decisionsOn(live: LiveRollout, positions: RecordedPositions) {
  const key = rolloutKey(live.context);
  const isReopened = live.context.verdict?.revokes !== undefined;
  const verdicts = isReopened || isOnProbation(live) ? positions.revocations : positions.verdicts;
  const conclusions = isReopened ? positions.secondConclusions : positions.conclusions;
  return { verdict: verdicts.get(key), conclusion: conclusions.get(key) };
}

/** What stands in the log of a rollout that was made of one event; null: nothing. */
export interface MadeOfEvent {
  readonly verdict: Verdict | null;
  readonly outcome: Outcome | null;
}

/** The recorded verdict and end of a rollout that were made of the event which is being folded. */
export function madeOf(live: LiveRollout, event: RewindEvent, positions: RecordedPositions): MadeOfEvent {
  const beginning = `${positionOf(event)}~`;
  const { verdict, conclusion } = decisionsOn(live, positions);
  const madeAt = (position: Position | undefined) =>
    position?.startsWith(beginning) ? positions.final.get(position) : undefined;
  const [judgement, end] = [madeAt(verdict), madeAt(conclusion)];
  return {
    verdict: judgement && judgement.type !== 'RolloutConcluded' ? judgement.verdict : null,
    outcome: end?.type === 'RolloutConcluded' ? end.outcome : null,
  };
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
  const isRollback = goesBack(positions, opened);
  if (isRollback && isAnotherStartBetween(live, opened, positions)) return false;
  return !isStartedAgain(live, { isRollback, occurredAt: startedAt });
}

/** Then ECS has gone back to the deployment twice, however close the two starts are. */
function isAnotherStartBetween(
  { context: { deployment, startedAt } }: LiveRollout,
  opened: RolloutOpened,
  { starts }: RecordedPositions,
): boolean {
  const isBetween = (at: Instant) => at > startedAt && at < opened.startedAt;
  return starts.some((start) => start.deployment !== deployment && isBetween(start.occurredAt));
}
