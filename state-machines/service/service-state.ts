import { type DecisionChain, emptyChain } from '../log/decision-chain';
import type { RewindEvent } from '../log/events';
import type { ServiceArn, TaskDefinitionArn } from '../log/identifiers';
import type { Policy } from '../log/policy';
import { type Position, positionOf } from '../log/position';
import { type RolloutId, rolloutKey } from '../log/rollout-id';
import { isLive, isSameRollout, type LiveRollout, tell } from '../rollout/live-rollout';
import type { Cause } from '../rollout/rollout-context';
import type { RolloutSignal, Signal } from '../rollout/signals';
import { countRunning, emptyLedger } from '../rollout/task-ledger';
import { emptyMemory, rememberFailed, rememberProven, type ServiceMemory } from './service-memory';

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

/**
 * The state with other rollouts. Written out, as is what else happens at every event: V8 takes many
 * times as long to lay one object over another (`{ ...state, rollouts }`) as to fill a new one.
 */
function withRollouts(state: ServiceState, rollouts: readonly LiveRollout[]): ServiceState {
  const { service, eventsSeen, eventsFingerprint, chain, memory } = state;
  return { service, eventsSeen, eventsFingerprint, chain, rollouts, memory };
}

/** One event being folded, and what it is folded with. */
export interface Step {
  readonly event: RewindEvent;
  /** Holds for rollouts whose opening is not recorded. */
  readonly policy: Policy;
  readonly ahead: DecisionsAhead;
}

/**
 * Where the recorded verdicts and conclusions of rollouts stand, by rollout, and their openings, by
 * deployment.
 */
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

/**
 * Whether a recorded verdict on the rollout, or its conclusion, stands behind the event being
 * folded.
 */
export function isDecidedLater(live: LiveRollout, step: Step): boolean {
  return isJudgedLater(live, step) || isConcludedLater(live, step);
}

function isJudgedLater(live: LiveRollout, step: Step): boolean {
  return isRecordedLater(live, step, step.ahead.verdicts) || isOpenedLater(live, step);
}

function isConcludedLater(live: LiveRollout, step: Step): boolean {
  return isRecordedLater(live, step, step.ahead.conclusions) || isOpenedLater(live, step);
}

function isRecordedLater(live: LiveRollout, step: Step, decisions: ReadonlyMap<string, Position>): boolean {
  // A raw history holds no decisions: this is asked of every event, and the key would cost more
  // than the rest.
  return decisions.size > 0 && isBehind(step, decisions.get(rolloutKey(live.context)));
}

/**
 * A start told late lies before the recorded opening: the decisions that follow that are on this
 * rollout.
 */
function isOpenedLater({ recorded, context }: LiveRollout, step: Step): boolean {
  return !recorded.opened && isBehind(step, step.ahead.openings.get(context.deployment));
}

function isBehind({ event }: Step, decision: Position | undefined): boolean {
  return decision !== undefined && decision > positionOf(event);
}

/** What a signal is told for beside what every signal carries. */
export type Facts<Given = RolloutSignal> = Given extends RolloutSignal ? Omit<Given, keyof Signal> : never;

interface Telling {
  readonly concerns: (live: LiveRollout) => boolean;
  readonly facts: Facts;
  /** What the signal is told to come from, where that is not the event being folded. */
  readonly cause?: Cause;
}

/**
 * Tells the rollouts that `concerns` picks, in order of their start, and remembers what they have
 * come to.
 */
export function tellWhere(state: ServiceState, step: Step, telling: Telling): ServiceState {
  let told = state;
  for (const live of state.rollouts) {
    if (isLive(live) && telling.concerns(live))
      told = tellOne(told, step, { context: live.context, telling });
  }
  return told;
}

function tellOne(
  state: ServiceState,
  step: Step,
  { context, telling }: { context: RolloutId; telling: Telling },
): ServiceState {
  const index = state.rollouts.findIndex((live) => isSameRollout(live, context));
  const before = state.rollouts[index];
  if (before === undefined) return state;
  const { facts, cause } = telling;
  const signal = {
    id: cause?.eventId ?? step.event.id,
    at: cause?.at ?? step.event.occurredAt,
    isJudgedLater: isJudgedLater(before, step),
    isConcludedLater: isConcludedLater(before, step),
    safeTarget: safeTargetOf(state, before),
    // Last: V8 takes microseconds to lay further keys over a spread object.
    ...facts,
  } as RolloutSignal;
  const after = tell(before, signal);
  return after === before
    ? state
    : remembering(withRollouts(state, state.rollouts.with(index, after)), index);
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
  if (memory === state.memory && isLive(live)) return state;
  const rollouts = isLive(live) ? state.rollouts : state.rollouts.with(index, withoutWorkings(live));
  return { ...state, memory, rollouts };
}

function withoutWorkings(live: LiveRollout): LiveRollout {
  return { ...live, context: { ...live.context, tasks: emptyLedger, muted: [], check: null } };
}

/**
 * The task definition to go back to from this rollout, as far as the log tells: the stable one
 * recorded at its opening, else the last proven one, else (in a history without recorded openings)
 * what the service's other tasks ran.
 */
export function safeTargetOf(state: ServiceState, live: LiveRollout): TaskDefinitionArn | null {
  const { proven, seen } = state.memory;
  const { stable } = live.context;
  const isSafe = (candidate: TaskDefinitionArn) => isSafeTarget(candidate, state, live);
  if (stable !== null && isSafe(stable)) return stable;
  return proven.find(isSafe) ?? (live.recorded.opened ? null : (seen.find(isSafe) ?? null));
}

/**
 * All that could be gone back to, best first: the next one stands in for one that has been
 * deregistered.
 */
export function safeTargetsOf(state: ServiceState, live: LiveRollout): TaskDefinitionArn[] {
  const { proven, seen } = state.memory;
  const { stable } = live.context;
  const candidates = [...(stable === null ? [] : [stable]), ...proven, ...(live.recorded.opened ? [] : seen)];
  return [...new Set(candidates.filter((candidate) => isSafeTarget(candidate, state, live)))];
}

function isSafeTarget(candidate: TaskDefinitionArn, { memory }: ServiceState, live: LiveRollout): boolean {
  return candidate !== live.context.taskDefinition && !memory.failed.includes(candidate);
}
