import { type DecisionChain, emptyChain } from './decision-chain';
import type { RewindEvent, RolloutId } from './events';
import type { ServiceArn, TaskDefinitionArn } from './identifiers';
import { isLive, isSameRollout, type LiveRollout, tell } from './live-rollout';
import type { Policy } from './policy';
import { type Position, positionOf } from './position';
import type { Cause } from './rollout-context';
import type { RolloutSignal, Signal } from './rollout-signals';
import { emptyMemory, rememberFailed, rememberProven, type ServiceMemory, stableOf } from './service-memory';
import { countRunning } from './task-ledger';

/** The state of a service: what its events fold into. Plain JSON. */
export interface ServiceState {
  readonly service: ServiceArn;
  readonly eventsSeen: number;
  readonly eventsFingerprint: number;
  readonly chain: DecisionChain;
  /** In order of their start. A done one stays until its conclusion is recorded. */
  readonly rollouts: readonly LiveRollout[];
  readonly memory: ServiceMemory;
}

export function emptyState(service: ServiceArn): ServiceState {
  return {
    service,
    eventsSeen: 0,
    eventsFingerprint: 0,
    chain: emptyChain,
    rollouts: [],
    memory: emptyMemory,
  };
}

/** One event being folded, and what it is folded with. */
export interface Step {
  readonly event: RewindEvent;
  /** Holds for rollouts whose opening is not recorded. */
  readonly policy: Policy;
  readonly ahead: DecisionsAhead;
}

/** Where the recorded verdicts and conclusions of rollouts stand, by rollout, and their openings, by deployment. */
export interface DecisionsAhead {
  readonly openings: ReadonlyMap<string, Position>;
  readonly verdicts: ReadonlyMap<string, Position>;
  readonly conclusions: ReadonlyMap<string, Position>;
}

export function decisionsIn(events: readonly RewindEvent[]): DecisionsAhead {
  const openings = new Map<string, Position>();
  const verdicts = new Map<string, Position>();
  const conclusions = new Map<string, Position>();
  for (const event of events) {
    if (event.type === 'RolloutOpened') openings.set(event.deployment, positionOf(event));
    if (event.type === 'VerdictReached') verdicts.set(rolloutKey(event), positionOf(event));
    if (event.type === 'RolloutConcluded') conclusions.set(rolloutKey(event), positionOf(event));
  }
  return { openings, verdicts, conclusions };
}

/** Whether a recorded verdict on the rollout, or its conclusion, stands behind the event being folded. */
export function isDecidedLater(live: LiveRollout, step: Step): boolean {
  return isJudgedLater(live, step) || isConcludedLater(live, step);
}

function isJudgedLater(live: LiveRollout, step: Step): boolean {
  return isBehind(step, step.ahead.verdicts.get(rolloutKey(live.context))) || isOpenedLater(live, step);
}

function isConcludedLater(live: LiveRollout, step: Step): boolean {
  return isBehind(step, step.ahead.conclusions.get(rolloutKey(live.context))) || isOpenedLater(live, step);
}

/** A start told late lies before the recorded opening: the decisions that follow that are on this rollout. */
function isOpenedLater({ recorded, context }: LiveRollout, step: Step): boolean {
  return !recorded.opened && isBehind(step, step.ahead.openings.get(context.deployment));
}

function isBehind({ event }: Step, decision: Position | undefined): boolean {
  return decision !== undefined && decision > positionOf(event);
}

function rolloutKey({ deployment, startedAt }: RolloutId): string {
  return `${deployment}@${startedAt}`;
}

/** What a signal is told for beside what every signal carries. */
export type Facts<Given = RolloutSignal> = Given extends RolloutSignal ? Omit<Given, keyof Signal> : never;

/** Tells the rollouts that `concerns` picks, in order of their start, and remembers what they have come to. */
export function tellWhere(
  state: ServiceState,
  step: Step,
  { concerns, ...telling }: { concerns: (live: LiveRollout) => boolean; facts: Facts; cause?: Cause },
): ServiceState {
  const concerned = state.rollouts.filter((live) => isLive(live) && concerns(live));
  return concerned.reduce((before, { context }) => tellOne(before, step, { context, ...telling }), state);
}

function tellOne(
  state: ServiceState,
  step: Step,
  { context, facts, cause }: { context: RolloutId; facts: Facts; cause?: Cause },
): ServiceState {
  const index = state.rollouts.findIndex((live) => isSameRollout(live, context));
  const before = state.rollouts[index];
  if (before === undefined) return state;
  const signal = {
    ...facts,
    id: cause?.eventId ?? step.event.id,
    at: cause?.at ?? step.event.occurredAt,
    isJudgedLater: isJudgedLater(before, step),
    isConcludedLater: isConcludedLater(before, step),
    safeTarget: safeTargetOf(state, before),
  } as RolloutSignal;
  const after = tell(before, signal);
  return after === before
    ? state
    : remembering({ ...state, rollouts: state.rollouts.with(index, after) }, index);
}

/** Draws from a rollout what outlives it: that its task definition failed, or proved itself. */
function remembering(state: ServiceState, index: number): ServiceState {
  const live = state.rollouts[index];
  if (live === undefined || live.context.taskDefinition === null) return state;
  const { verdict, outcome, taskDefinition, tasks } = live.context;
  let memory = state.memory;
  if (verdict?.result === 'failed') memory = rememberFailed(memory, taskDefinition);
  // With desiredCount 0 a deployment completes without one healthy task, which proves nothing.
  const hasPassed = outcome === 'succeeded' && verdict?.result === 'passed';
  if (hasPassed && countRunning(tasks) > 0) memory = rememberProven(memory, taskDefinition);
  const rollouts = isLive(live) ? state.rollouts : state.rollouts.with(index, withoutWorkings(live));
  return { ...state, memory, rollouts };
}

function withoutWorkings(live: LiveRollout): LiveRollout {
  return { ...live, context: { ...live.context, tasks: {}, muted: [], check: null } };
}

/**
 * The task definition to go back to from this rollout, as far as the log tells: the stable one recorded at its opening,
 * else the last proven one, else (in a history without recorded openings) what the service's other tasks ran.
 */
export function safeTargetOf(state: ServiceState, live: LiveRollout): TaskDefinitionArn | null {
  return safeTargetsOf(state, live)[0] ?? null;
}

/** All that could be gone back to, best first: the next one stands in for one that has been deregistered. */
export function safeTargetsOf({ memory }: ServiceState, live: LiveRollout): TaskDefinitionArn[] {
  const { taskDefinition, stable } = live.context;
  const isSafe = (candidate: TaskDefinitionArn | null): candidate is TaskDefinitionArn =>
    candidate !== null && candidate !== taskDefinition && !memory.failed.includes(candidate);
  const candidates = [
    stable,
    stableOf(memory),
    ...memory.proven,
    ...(live.recorded.opened ? [] : memory.seen),
  ];
  return [...new Set(candidates.filter(isSafe))];
}
