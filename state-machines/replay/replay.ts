import { concludeWithoutTarget, decisionFact, failureOf, recordedTarget } from '../decisions/decision-events';
import type { RollbackRequested, RolloutConcluded } from '../log/decided-events';
import type { RewindEvent } from '../log/events';
import type { Instant } from '../log/instant';
import type { Policy } from '../log/policy';
import { positionOf } from '../log/position';
import { describeRollout, isFollowed, isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import { isMeasuredToEnd } from '../rollout/measuring/live-measuring';
import type { Rollout } from '../rollout/rollout';
import { type ElapsedEvent, elapsedBy, hasElapsed } from '../service/deadlines';
import { evolve } from '../service/evolve';
import { decisionsAhead, type RecordedPositions, recordedPositions } from '../service/finality';
import { inOrder } from '../service/fold';
import { broughtBy } from '../service/operator/operator-traces';
import { emptyState, type ServiceState } from '../service/service-state';
import { type Step, withoutPastProbations } from '../service/signal-rollouts';
import { safeTargetOf } from '../service/way-back/safe-targets';

interface ReplayOptions {
  /** Holds for every rollout that no recorded opening gives another. */
  readonly policy: Policy;
  /** Deadlines are taken to have passed up to this instant. */
  readonly until: Instant;
  /**
   * Is shown every event with the state before it (and behind the deadlines that had passed by
   * then) and after it.
   */
  readonly follow?: (folded: FoldStep) => void;
}

/** One event of a replay, and what it changed. The rollouts that ended are still in the state. */
export interface FoldStep {
  readonly event: RewindEvent;
  readonly before: ServiceState;
  readonly after: ServiceState;
}

/**
 * Folds one service's events, in any order and with duplicates, into every rollout they tell of, in
 * order of their start. Supplies what time alone brings, since a raw history holds no decided
 * events. Pure.
 */
export function replay(events: readonly RewindEvent[], options: ReplayOptions): Rollout[] {
  const { policy, until, follow } = options;
  const ordered = inOrder(events);
  const first = ordered[0];
  if (first === undefined) return [];
  const recorded = recordedPositions(ordered);
  const ended: Rollout[] = [];
  let state = emptyState(first.service);
  for (const event of ordered) {
    const step = { event, policy, recorded };
    const before = passTime(state, step);
    state = evolve(before, step);
    follow?.({ event, before: withoutPastProbations(before, step), after: state });
    const isKept = (live: LiveRollout) => isHeardOf(live) || isDecidedBehind(live, event, recorded);
    if (state.rollouts.every(isKept)) continue;
    ended.push(...rolloutsIn(state, (live) => !isKept(live)));
    state = { ...state, rollouts: state.rollouts.filter(isKept) };
  }
  const last = { policy, recorded, until };
  return [...ended, ...rolloutsIn(concludeHopeless(passTimeUntil(state, last), last))].sort(
    (a, b) => a.startedAt - b.startedAt || (a.deployment < b.deployment ? -1 : 1),
  );
}

function rolloutsIn({ rollouts, memory }: ServiceState, isAsked = (_: LiveRollout) => true): Rollout[] {
  return rollouts.filter(isAsked).map((live) => {
    const by = broughtBy(memory, live.context);
    return { ...describeRollout(live), ...(by === null ? {} : { by }) };
  });
}

/** Whether an event may still tell something of the rollout. */
function isHeardOf(live: LiveRollout): boolean {
  return isFollowed(live) || isMeasuredToEnd(live);
}

/** Whether the log holds decisions on the rollout behind the event, such as those made of it. */
function isDecidedBehind(live: LiveRollout, event: RewindEvent, recorded: RecordedPositions): boolean {
  const { verdict, conclusion } = decisionsAhead(live, event, recorded);
  return verdict || conclusion;
}

/** Folds in the deadlines that passed before the event. */
function passTime(state: ServiceState, step: Step): ServiceState {
  if (!hasElapsed(state, step.event.occurredAt)) return state;
  const due = elapsedBy(state, step.event.occurredAt).find(
    (elapsed) =>
      positionOf(elapsed) < positionOf(step.event) && !isDecidedLater(state, step.recorded, elapsed),
  );
  return due === undefined ? state : passTime(evolve(state, { ...step, event: due }), step);
}

type Rest = Omit<Step, 'event'> & { readonly until: Instant };

function passTimeUntil(state: ServiceState, rest: Rest): ServiceState {
  const due = elapsedBy(state, rest.until).find((elapsed) => !isDecidedLater(state, rest.recorded, elapsed));
  return due === undefined ? state : passTimeUntil(evolve(state, { ...rest, event: due }), rest);
}

/** A decision recorded further on says how this phase ended: time decides nothing before it. */
function isDecidedLater(state: ServiceState, recorded: RecordedPositions, elapsed: ElapsedEvent): boolean {
  const live = state.rollouts.find((rollout) => isSameRollout(rollout, elapsed));
  return live !== undefined && isDecidedBehind(live, elapsed, recorded);
}

/**
 * What Rewind would have done, had it been there, of a failed rollout for which nobody else acted
 * and no target was known at the verdict: go back to what the rest of the history shows the
 * service's other tasks to have run, else conclude that there is nothing.
 */
function concludeHopeless(state: ServiceState, rest: Rest): ServiceState {
  return state.rollouts
    .filter(({ phase, recorded, context }) => {
      const isRaw = !recorded.opened && context.policy.mode === 'enforce';
      return phase === 'rollingBack' && isRaw && context.rollback === null;
    })
    .reduce((before, live) => evolve(before, { ...rest, event: requestOrConclude(before, live) }), state);
}

function requestOrConclude(state: ServiceState, live: LiveRollout): RollbackRequested | RolloutConcluded {
  const target = safeTargetOf(state.memory, live);
  if (target === null) return concludeWithoutTarget(state, live, null);
  const cause = failureOf(live);
  return {
    ...decisionFact(state, live, { type: 'RollbackRequested', cause, attempt: 1 }),
    attempt: 1,
    owner: 'replay',
    requestedAt: cause.at,
    leaseUntil: cause.at,
    ...recordedTarget(target),
  };
}
