import type { RewindEvent } from '../log/events';
import type { TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { Policy } from '../log/policy';
import { advance } from '../rollout/advance';
import { postponedUntil } from '../rollout/bake-end';
import { isFollowed, isOnProbation, isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import type { TransitionCause } from '../rollout/rollout-context';
import type { RolloutSignal, SignalBase } from '../rollout/signals';
import { emptyLedger, runningIn } from '../rollout/task-ledger';
import { decisionsAhead, type MadeOfEvent, madeOf, type RecordedPositions } from './finality';
import { afterRollout, exposedAt } from './learning';
import { rememberFailed, rememberProven, rememberStanding, type ServiceMemory } from './service-memory';
import type { ServiceState } from './service-state';
import { isTakenToUnproven, safeTargetOf } from './way-back/safe-targets';

/** One event being folded, and what it is folded with. */
export interface Step {
  readonly event: RewindEvent;
  /** Holds for rollouts whose opening is not recorded. */
  readonly policy: Policy;
  readonly recorded: RecordedPositions;
}

/** What a signal is about, beside what every signal carries. */
export type SignalFacts<Given = RolloutSignal> = Given extends RolloutSignal
  ? Omit<Given, keyof SignalBase>
  : never;

interface SignalContext {
  readonly concerns: (live: LiveRollout) => boolean;
  readonly facts: SignalFacts;
  /** What the signal comes from, where that is not the event being folded. */
  readonly cause?: TransitionCause;
}

/**
 * Signals the rollouts that `concerns` picks, in order of their start, and keeps what outlives
 * them.
 */
export function signalRollouts(state: ServiceState, step: Step, signalling: SignalContext): ServiceState {
  let signalled = state;
  state.rollouts.forEach((live, index) => {
    if (!isFollowed(live) || !signalling.concerns(live)) return;
    const after = advanceAsRecorded(live, step, signalTo(live, { state: signalled, step, signalling }));
    if (after !== live) signalled = withRollout(signalled, index, after);
  });
  return signalled;
}

/**
 * A decision that was made of the very event which is being folded was made by a fold that had not
 * seen it. It withholds nothing where this fold comes to the same by itself.
 */
function advanceAsRecorded(live: LiveRollout, step: Step, signal: RolloutSignal): LiveRollout {
  const { ahead } = signal;
  if (!ahead.verdict && !ahead.conclusion) return advance(live, signal);
  const made = madeOf(live, step.event, step.recorded);
  const verdict = ahead.verdict && made.verdict === null;
  const byItself = (conclusion: boolean) =>
    advance(live, { ...signal, ahead: { ...ahead, verdict, conclusion } });
  if (made.outcome !== null) {
    const ended = byItself(false);
    if (ended.context.outcome === made.outcome && isJudgedAs(made, live, ended)) return ended;
  }
  if (made.verdict !== null) {
    const judged = byItself(ahead.conclusion);
    if (isJudgedAs(made, live, judged)) return judged;
  }
  return advance(live, signal);
}

/** Whether it has the verdict that was made of the event; where none was, that of before. */
function isJudgedAs({ verdict }: MadeOfEvent, before: LiveRollout, after: LiveRollout): boolean {
  const wanted = verdict ?? before.context.verdict;
  const given = after.context.verdict;
  return given?.eventId === wanted?.eventId && given?.message === wanted?.message;
}

function signalTo(
  live: LiveRollout,
  {
    state,
    step,
    signalling: { facts, cause },
  }: { state: ServiceState; step: Step; signalling: SignalContext },
): RolloutSignal {
  return {
    id: cause?.eventId ?? step.event.id,
    at: cause?.at ?? step.event.occurredAt,
    ahead: decisionsAhead(live, step.event, step.recorded),
    safeTarget: () => safeTargetOf(state.memory, live),
    // Last: V8 takes many times as long to lay further keys over a spread object.
    ...facts,
  } as RolloutSignal;
}

/**
 * The state with the probations ended that are over by then: by time, or by a newer rollout. One of
 * which a revocation lies ahead, or that something holds back, is not over by time alone.
 */
export function withoutPastProbations(state: ServiceState, step: Step): ServiceState {
  return state.rollouts.reduce((before, live) => {
    const { probationUntil } = live.context;
    if (probationUntil === null || step.event.occurredAt <= probationUntil) return before;
    return postponedUntil(live.context) === null
      ? endProbation(before, live, { step, at: probationUntil })
      : before;
  }, state);
}

/** A newer rollout ends every probation; what had been shown by then counts. */
export function withoutProbations(state: ServiceState, step: Step): ServiceState {
  const at = step.event.occurredAt;
  return state.rollouts.reduce((before, live) => endProbation(before, live, { step, at }), state);
}

function endProbation(
  state: ServiceState,
  live: LiveRollout,
  { step, at }: { readonly step: Step; readonly at: Instant },
): ServiceState {
  if (!isOnProbation(live) || isRevokedYet(live, step)) return state;
  const index = state.rollouts.findIndex((other) => isSameRollout(other, live.context));
  const context = { ...exposedAt(live.context, at), suspicion: null, probationUntil: null };
  return withRollout(state, index, { ...live, context });
}

/** Whether the log holds a revocation that is not folded yet; it may be the event itself. */
function isRevokedYet(live: LiveRollout, { event, recorded }: Step): boolean {
  const isRevocation = event.type === 'PassRevoked' && isSameRollout(live, event);
  return isRevocation || decisionsAhead(live, event, recorded).verdict;
}

/**
 * The state with a rollout as it is now, and with what outlives it: what failed, what is proven.
 */
function withRollout(state: ServiceState, index: number, live: LiveRollout): ServiceState {
  const isLast = !state.rollouts.some((other, at) => at !== index && isFollowed(other));
  const memory = afterRollout(memoryAfter(state, index, live), live, isLast);
  const kept = isFollowed(live) ? live : withoutWorkings(live);
  const { service, eventsSeen, eventsFingerprint, chain, rollouts } = state;
  return { service, eventsSeen, eventsFingerprint, chain, rollouts: rollouts.with(index, kept), memory };
}

function memoryAfter({ memory, rollouts }: ServiceState, index: number, live: LiveRollout): ServiceMemory {
  const { deployment, taskDefinition, tasks } = live.context;
  const standing = isFollowed(live) ? memory : rememberStanding(memory, deployment, runningIn(tasks));
  const isJudged = taskDefinition !== null && isJudgedAnew(rollouts[index]?.context, live.context);
  return isJudged ? judged(standing, live.context, taskDefinition) : standing;
}

/** What somebody forgives stays forgiven while the rollout that failed goes on. */
function isJudgedAnew(before: LiveRollout['context'] | undefined, after: LiveRollout['context']): boolean {
  return (
    before === undefined ||
    before.verdict?.eventId !== after.verdict?.eventId ||
    before.verdict?.result !== after.verdict?.result ||
    before.isProven !== after.isProven ||
    before.taskDefinition !== after.taskDefinition ||
    before.serviceRevision !== after.serviceRevision ||
    before.images !== after.images
  );
}

function judged(
  memory: ServiceMemory,
  context: LiveRollout['context'],
  taskDefinition: TaskDefinitionArn,
): ServiceMemory {
  const { verdict, deployment, startedAt, serviceRevision, images, isProven } = context;
  if (isTakenToUnproven(memory, context)) return memory;
  if (verdict?.result === 'failed') return rememberFailed(memory, { taskDefinition, deployment });
  if (!isProven) return memory;
  const proven = { taskDefinition, deployment, startedAt, serviceRevision, images };
  return rememberProven(memory, verdict === null ? { ...proven, isWithoutVerdict: true } : proven);
}

function withoutWorkings(live: LiveRollout): LiveRollout {
  return {
    ...live,
    context: { ...live.context, tasks: emptyLedger, raisedBeforeStart: [], alarmCheck: null },
  };
}
