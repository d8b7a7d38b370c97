import type { PassRevoked, RolloutConcluded, RolloutOpened, VerdictReached } from '../log/decided-events';
import type { RewindEvent } from '../log/events';
import type { ServiceArn } from '../log/identifiers';
import type { Policy } from '../log/policy';
import { comparePlaces, type Position, positionBefore, positionOf } from '../log/position';
import { rolloutKey } from '../log/rollout-id';
import { isFollowed, isOnProbation, isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import { evolve } from './evolve';
import { type RecordedPositions, recordedPositions, waitsBeyond } from './finality';
import { emptyState, type ServiceState } from './service-state';
import { type Step, withoutPastProbations, withoutProbations } from './signal-rollouts';

/**
 * The fold of a stream's events up to a position. Plain JSON, so that it can be kept as a snapshot.
 */
export interface Fold {
  /** The last event folded; null before the first. */
  readonly position: Position | null;
  readonly state: ServiceState;
  /**
   * Where to start again when an event turns up that sorts before the position: at most two, oldest
   * first.
   */
  readonly quietPoints: readonly QuietPoint[];
}

/** A place in the stream at which no rollout was live, and the state there. */
interface QuietPoint {
  readonly position: Position;
  readonly state: ServiceState;
}

/**
 * Notifications have been seen ten minutes late; the older quiet point lies at least this far back.
 */
export const latenessSeconds = 3600;
const doneKept = 8;

export function emptyFold(service: ServiceArn): Fold {
  return { position: null, state: emptyState(service), quietPoints: [] };
}

/**
 * Sorts events into the order of the fold; the same position twice is the same event told twice,
 * and stands once.
 */
export function inOrder<Event extends RewindEvent>(events: Iterable<Event>): Event[] {
  const sorted = [...events].sort(comparePlaces);
  return sorted.filter((event, index) => {
    const previous = sorted[index - 1];
    return previous === undefined || comparePlaces(previous, event) !== 0;
  });
}

/**
 * Folds on with events that are in order and all lie behind the fold's position. `policy` holds
 * where no opening is recorded.
 */
export function foldOn(fold: Fold, events: readonly RewindEvent[], policy: Policy): Fold {
  const recorded = recordedPositions(events);
  return events.reduce((before, event) => foldOne(before, { event, policy, recorded }), fold);
}

/** A fold, and what it came from: the fold as it was some seconds before, and the events since. */
export interface SettlingFold {
  readonly fold: Fold;
  readonly settled: Fold;
  /** In order, behind the settled fold; empty where that is the fold itself. */
  readonly recent: readonly RewindEvent[];
}

/** Notifications arrive up to so much later than others of the same instant. */
const disorder = 15_000;
/** So few events behind a quiet point are sooner read again than kept. */
const readAgainAtMost = 250;

/**
 * Folds on as `foldOn` does, and keeps what is needed to fold in what comes a little late, however
 * long the rollout is: most of it never has to be read again.
 */
export function foldSettling(from: Fold, events: readonly RewindEvent[], policy: Policy): SettlingFold {
  const recorded = recordedPositions(events);
  const quietSeen = from.quietPoints.at(-1)?.state.eventsSeen ?? 0;
  const isLong = from.state.eventsSeen + events.length - quietSeen > readAgainAtMost;
  const last = events.at(-1);
  const settlesAt = isLong && last !== undefined ? last.occurredAt - disorder : Infinity;
  const count = countSettled(events, recorded, settlesAt);
  const recent = events.slice(count);
  const fold = (before: Fold, some: readonly RewindEvent[]) =>
    some.reduce((one, event) => foldOne(one, { event, policy, recorded }), before);
  const settled = fold(from, events.slice(0, count));
  return { fold: fold(settled, recent), settled, recent };
}

/** What counts from a later decision on settles with that. */
function countSettled(
  events: readonly RewindEvent[],
  recorded: RecordedPositions,
  settlesAt: number,
): number {
  const late = events.findIndex(({ occurredAt }) => occurredAt > settlesAt);
  const first = events[late];
  if (first === undefined) return events.length;
  const waits = (event: RewindEvent) => waitsBeyond(positionOf(first), event, recorded);
  const waiting = events.slice(0, late).findIndex(waits);
  return waiting < 0 ? late : waiting;
}

function foldOne(fold: Fold, step: Step): Fold {
  const position = positionOf(step.event);
  const state = withoutConcluded(evolve(fold.state, step));
  const quietPoints = withQuietPoint(quietPointsBefore(fold, step), { position, state });
  return { position, state, quietPoints };
}

/**
 * The quiet points with the one before a rollout that ends a probation: a service that is deployed
 * again and again within them would have no other.
 */
function quietPointsBefore({ state, quietPoints }: Fold, step: Step): readonly QuietPoint[] {
  const { rollouts } = state;
  const mayStart = step.event.type === 'DeploymentStarted' || step.event.type === 'RolloutOpened';
  if (!mayStart || rollouts.length === 0 || !rollouts.every(isOnProbation)) return quietPoints;
  const quiet = withoutConcluded(withoutProbations(withoutPastProbations(state, step), step));
  return withQuietPoint(quietPoints, { position: positionBefore(step.event), state: quiet });
}

/**
 * A rollout leaves the state when its conclusion is recorded, or when too many others have ended
 * after it.
 */
function withoutConcluded(state: ServiceState): ServiceState {
  const done = state.rollouts.filter((live) => !isFollowed(live));
  const forgotten = new Set<LiveRollout>([
    ...done.filter(({ recorded }) => recorded.concluded),
    ...done.slice(0, -doneKept),
  ]);
  if (forgotten.size === 0) return state;
  return { ...state, rollouts: state.rollouts.filter((live) => !forgotten.has(live)) };
}

function withQuietPoint(kept: readonly QuietPoint[], here: QuietPoint): readonly QuietPoint[] {
  const newest = kept.at(-1);
  if (here.state.rollouts.length > 0) return kept;
  if (newest !== undefined && instantOf(here.position) - instantOf(newest.position) < latenessSeconds * 1000)
    return kept;
  return [...kept.slice(-1), here];
}

function instantOf(position: Position): number {
  return Number(position.slice(0, position.indexOf('#')));
}

/**
 * Where to fold on from, given that the log may have changed from a position on: the fold itself
 * when nothing behind it changed, else its last quiet point before the change, else the start of
 * the stream.
 */
export function startingPoint(fold: Fold, changedFrom: Position | null): Fold {
  if (changedFrom === null || fold.position === null || changedFrom > fold.position) return fold;
  const quietPoints = fold.quietPoints.filter((point) => point.position < changedFrom);
  const last = quietPoints.at(-1);
  return last === undefined ? emptyFold(fold.state.service) : { ...last, quietPoints };
}

/**
 * Whether the events hold a recorded opening or verdict other than the one that the fold came to by
 * itself, or an end without the pass that it came to: then a late event had not been seen when that
 * was made, and the stream must be folded again, with the recorded one known from the start.
 */
export function contradicts(events: readonly RewindEvent[], fold: Fold): boolean {
  const { rollouts } = fold.state;
  return events.some((event) => {
    if (event.type === 'RolloutOpened') return rollouts.some((live) => isOtherStart(live, event));
    if (event.type === 'RolloutConcluded') return isUnjudgedEnd(event, events, rollouts);
    if (event.type !== 'VerdictReached' && event.type !== 'PassRevoked') return false;
    const live = rollouts.find((rollout) => isSameRollout(rollout, event));
    return event.type === 'PassRevoked' ? isOtherEnd(live, event, fold) : isOtherVerdict(live, event, fold);
  });
}

/** Whether something newer ended a rollout that has passed here, and no verdict is recorded. */
function isUnjudgedEnd(
  conclusion: RolloutConcluded,
  events: readonly RewindEvent[],
  rollouts: readonly LiveRollout[],
): boolean {
  const key = rolloutKey(conclusion);
  const hasPassed = rollouts.some(
    ({ recorded, context }) =>
      rolloutKey(context) === key && !recorded.verdict && context.verdict?.result === 'passed',
  );
  const isJudged = () => events.some((event) => event.type === 'VerdictReached' && rolloutKey(event) === key);
  return conclusion.outcome === 'superseded' && hasPassed && !isJudged();
}

/** The pass holds for good here, or was revoked by something else. */
function isOtherEnd(live: LiveRollout | undefined, event: PassRevoked, { position }: Fold): boolean {
  if (live === undefined) return position !== null && instantOf(position) >= event.startedAt;
  const { verdict } = live.context;
  return verdict?.revokes !== undefined && verdict.eventId !== event.verdict.eventId;
}

/** Something else gave the verdict, or the rollout has ended here without one. */
function isOtherVerdict(
  live: LiveRollout | undefined,
  event: VerdictReached,
  { position, state }: Fold,
): boolean {
  if (live !== undefined) {
    const { verdict } = live.context;
    return verdict === null ? !isFollowed(live) : verdict.eventId !== event.verdict.eventId;
  }
  // In the millisecond of its start it may not have begun. One that is not opened may be it, under
  // another start: its opening tells.
  const mayBeIt = ({ recorded, context }: LiveRollout) =>
    !recorded.opened && context.deployment === event.deployment;
  const hasBegun = position !== null && instantOf(position) > event.startedAt;
  return hasBegun && !state.rollouts.some(mayBeIt);
}

function isOtherStart(live: LiveRollout, { deployment, startedAt }: RolloutOpened): boolean {
  const { context, recorded } = live;
  return !recorded.opened && context.deployment === deployment && context.startedAt !== startedAt;
}
