import { type SnapshotFrom, transition } from 'xstate';
import { secondsAfter } from '../log/instant';
import type { TaskChanged } from '../log/observed-events';
import { wholePolicy } from '../log/policy';
import { plannedSeconds, strategyIn, trafficShares } from '../log/traffic/native-plan';
import { namedOnly } from '../log/way-back';
import { afterDoubtedAlarm } from './alarms/doubted-alarms';
import { afterAlarm, alarmsRaisedBefore } from './alarms/raised-alarms';
import { afterBakeSignal } from './bake-end';
import { deploymentMachine, type Move } from './deployment-machine';
import { countImpairment, countTask, recounted, withStanding } from './evidence';
import { isFollowed, isOnProbation, type LiveRollout } from './live-rollout';
import { progressAfter, toldAgainAt } from './progress';
import { afterReopening } from './recorded-decisions';
import { afterAdoption, afterIssue, afterRequest, followRollback } from './rollback';
import type { Phase } from './rollout';
import { type ContextChange, changedContext, type RolloutContext } from './rollout-context';
import type { OpeningSignal, RolloutSignal } from './signals';
import { withTestAnswer } from './traffic/test-answers';
import type { WatchingState } from './traffic/traffic';
import { afterStage } from './traffic/traffic-progress';
import { afterHook } from './traffic/waiting-hooks';
import { machineStateOf, movesInWatching } from './traffic/watching-state';
import { isDue, verdictOn } from './verdict';
import { exposedUntil } from './weighing/exposure';
import { countLoss } from './weighing/losses';
import { afterOldStop } from './weighing/old-tasks';
import { suspicionAfter } from './weighing/raise-suspicion';

/**
 * Moves a rollout on by one signal, in three steps: what the signal shows becomes evidence, the
 * rules judge the evidence, and the machine moves the phase. Pure; without probation, what is done
 * stays so.
 */
export function advance(live: LiveRollout, signal: RolloutSignal): LiveRollout {
  if (!isFollowed(live)) return live;
  const shown = withSignal(live, signal);
  const verdict = verdictOn(shown, signal);
  const judged = verdict === null ? shown : withChange(shown, { verdict });
  const moved = movesOf(judged, signal).reduce(follow, judged);
  if (live.phase !== 'done' || moved.phase === 'done') return moved;
  return { ...moved, recorded: afterReopening(moved.recorded, signal.type === 'PassRevoked') };
}

/** One change at once: a task event meets this two hundred thousand times in a long history. */
function withSignal(live: LiveRollout, signal: RolloutSignal): LiveRollout {
  const change = changeBy(live, signal);
  const progress = progressBy(live, change, signal);
  const shown = withChange(live, progress === null ? change : { ...change, ...progress });
  return withSuspicion(live, shown, signal);
}

/** Evidence is weighed while a rollout is judged: where a task failed, and under suspicion. */
function withSuspicion(before: LiveRollout, shown: LiveRollout, signal: RolloutSignal): LiveRollout {
  const { phase, context } = shown;
  const isUndecided = (phase === 'watching' || phase === 'baking') && context.verdict === null;
  const isJudging = isUndecided || isOnProbation(shown);
  const mayChange = context.suspicion !== null || context.exposure !== before.context.exposure;
  if (!isJudging || !mayChange) return shown;
  const change = suspicionAfter(context, before.context, signal);
  return change === null ? shown : withChange(shown, change);
}

function withChange({ phase, recorded, context }: LiveRollout, change: ContextChange): LiveRollout {
  return { phase, context: change === nothing ? context : changedContext(context, change), recorded };
}

const nothing: ContextChange = {};

/** How far the tasks have got, and whether one has run in the bake; null where it is as before. */
function progressBy({ phase, context }: LiveRollout, change: ContextChange, signal: RolloutSignal) {
  const evidence = change.evidence ?? context.evidence;
  if (phase === 'watching') {
    const { tasks = context.tasks, oldTasks = context.oldTasks } = change;
    return progressAfter(context, { evidence, tasks, oldTasks }, signal);
  }
  const hasRun = evidence.running > 0 || evidence.ran > context.evidence.ran;
  return phase === 'baking' && hasRun && !context.hasRunInBake ? { hasRunInBake: true } : null;
}

/** What the signal shows, whatever it will mean. */
function changeBy({ phase, context }: LiveRollout, signal: RolloutSignal): ContextChange {
  switch (signal.type) {
    case 'TaskChanged':
      return countedTask(context, signal.event);
    case 'OldTaskStopped':
      return signal.isKnown ? nothing : { oldTasks: afterOldStop(context, signal) };
    case 'ServiceImpaired':
      return { evidence: countImpairment(context.evidence, signal.event.eventName) };
    case 'TaskDefinitionIdentified':
      return {
        taskDefinition: context.taskDefinition ?? signal.taskDefinition,
        rollbackOf: context.rollbackOf ?? signal.rollbackOf,
        hasFailedBefore: context.hasFailedBefore || signal.hasFailedBefore,
      };
    case 'AlarmChanged':
      return { ...afterAlarm(context, signal.event), ...afterDoubtedAlarm(context, signal.event) };
    case 'VerdictReached':
    case 'PassRevoked':
      return { verdict: signal.event.verdict };
    case 'TestAnswered':
      return { testAnswers: withTestAnswer(context, signal.event) };
    case 'DeploymentStopped':
      return { stoppedBy: context.stoppedBy ?? signal.by };
    case 'RollbackStarted':
      return followRollback(phase, context, signal);
    default:
      return changeInPhase[phase](context, signal);
  }
}

/** Counts a task's change; most tell of a step on the way, which nothing else has to know. */
function countedTask(context: RolloutContext, change: TaskChanged): ContextChange {
  const taskDefinition = context.taskDefinition ?? change.taskDefinition;
  const counted = countTask(context, change, context.policy);
  const { evidence } = counted;
  if (evidence === context.evidence) return { taskDefinition, evidence, tasks: counted.tasks };
  const { exposure, tasks } = countLoss(context, counted, change);
  return { taskDefinition, evidence, exposure, tasks };
}

/** What a signal shows in one phase alone. */
const changeInPhase: Record<Phase, (context: RolloutContext, signal: RolloutSignal) => ContextChange> = {
  watching: (context, signal) => {
    if (signal.type === 'RolloutOpened') return afterOpening(context, signal);
    if (signal.type === 'HookChanged') return afterHook(context, signal.event);
    if (signal.type === 'StageObserved') return afterStage(context, signal.event);
    // People are told that it takes long, once a day; watching goes on.
    const isOverdue = signal.type === 'DeadlineElapsed' && isDue(context, signal);
    return isOverdue ? { dueAt: toldAgainAt(signal.at) } : {};
  },
  baking: afterBakeSignal,
  rollingBack: (context, signal) => {
    if (signal.type === 'RollbackRequested') return afterRequest(context, signal.event);
    if (signal.type === 'RollbackIssued') return afterIssue(context, signal.event);
    if (signal.type === 'RollbackAdopted') return afterAdoption(context, signal.event);
    // It may turn out to be the way back, or something newer.
    const isUnknown = signal.type === 'NewerDeploymentStarted' && signal.isUnknown;
    return isUnknown ? { successor: signal.deployment } : {};
  },
  done: () => ({}),
};

function afterOpening(context: RolloutContext, opening: OpeningSignal): ContextChange {
  const { event, raisedBeforeStart, doubtedAlarms } = opening;
  const raised = alarmsRaisedBefore(event.startedAt, event.alarms);
  const policy = wholePolicy(event.policy);
  const planned = plannedSeconds(event.deploymentConfiguration, event.trafficShiftSeconds);
  const unknown = (event.standingTasks ?? 0) - context.evidence.started;
  const evidence = unknown > 0 ? withStanding(context.evidence, unknown) : context.evidence;
  const { running } = context.evidence;
  return {
    exposure: exposedUntil(context.exposure, { at: event.occurredAt, running, past: context.past }),
    policy,
    stable: event.wayBack ?? (event.stable === null ? null : namedOnly(event.stable)),
    serviceRevision: event.serviceRevision ?? null,
    images: event.images ?? null,
    taskDefinition: event.taskDefinition ?? context.taskDefinition,
    rollbackOf: context.rollbackOf ?? event.rollbackOf,
    hasFailedBefore: context.hasFailedBefore || event.hasFailedBefore === true,
    raisedBeforeStart: [...new Set([...raisedBeforeStart, ...raised])],
    doubtedAlarms,
    evidence: recounted(evidence, policy),
    plannedSeconds: planned,
    shares: trafficShares(event.deploymentConfiguration),
    strategy: strategyIn(event.deploymentConfiguration) ?? context.strategy,
    dueAt: secondsAfter(event.startedAt, policy.deadlineSeconds + planned),
  };
}

/** What of the signal can move the phase: the signal itself, then the verdict. */
function movesOf(live: LiveRollout, signal: RolloutSignal): readonly Move[] {
  return [...movesBySignal(live, signal), ...movesByVerdict(live, signal)];
}

function movesBySignal(live: LiveRollout, signal: RolloutSignal): readonly Move[] {
  const { at, id: eventId, ahead } = signal;
  const isRollingBack = live.phase === 'rollingBack';
  switch (signal.type) {
    case 'DeploymentCompleted':
      return [{ type: 'Completed', at, eventId }];
    case 'HookChanged':
    case 'StageObserved':
      return movesInWatching(live, signal);
    case 'RolloutConcluded':
      return [{ type: 'Concluded', at, eventId, conclusion: signal.event, isRevoked: ahead.revocation }];
    case 'ServiceDeleted':
    case 'RollbackCompleted':
    case 'RollbackFailed':
    case 'RollbackRejected':
      return mayEnd(signal) ? [{ type: signal.type, at, eventId }] : [];
    case 'NewerDeploymentStarted':
      return mayEnd(signal) && !(isRollingBack && signal.isUnknown)
        ? [{ type: 'Superseded', at, eventId }]
        : [];
    case 'DeadlineElapsed':
      return mayEnd(signal) && isRollingBack && isDue(live.context, signal)
        ? [{ type: 'Overdue', at, eventId }]
        : [];
    default:
      return [];
  }
}

function movesByVerdict({ phase, context }: LiveRollout, signal: RolloutSignal): readonly Move[] {
  const { at, id: eventId, safeTarget, ahead } = signal;
  if (context.verdict === null || phase === 'rollingBack') return [];
  const isFailed = context.verdict.result === 'failed';
  const failed = { at, eventId, safeTarget: isFailed ? safeTarget() : null };
  if (phase === 'done') return isFailed ? [{ type: 'PassRevoked', ...failed }] : [];
  if (isFailed) return [{ type: 'Failed', ...failed, mayEnd: mayEnd(signal) }];
  return mayEnd(signal) ? [{ type: 'Passed', at, eventId, isRevoked: ahead.revocation }] : [];
}

/** Finality: while a recorded verdict or conclusion lies ahead, nothing else ends the rollout. */
function mayEnd({ ahead }: RolloutSignal): boolean {
  return !ahead.verdict && !ahead.conclusion;
}

function follow(live: LiveRollout, move: Move): LiveRollout {
  if (live.phase === 'done' && move.type !== 'PassRevoked') return live;
  const from = deploymentMachine.resolveState({ value: machineStateOf(live), context: live.context });
  const [{ value, context }] = transition(machineAt(from), from, move);
  const isWatched = typeof value === 'object';
  const phase = (isWatched ? 'watching' : value) as Phase;
  if (phase === live.phase) {
    const { watchingState } = live.context;
    const reachedState = isWatched ? ((value.watching ?? watchingState) as WatchingState) : watchingState;
    return reachedState === watchingState ? live : withChange(live, { watchingState: reachedState });
  }
  const step = { from: live.phase, to: phase, ...context.transitionCause };
  return { ...live, phase, context: { ...context, transitions: [...context.transitions, step] } };
}

/**
 * The machine where it stands: XState makes an actor for every transition, and that would go
 * through the machine's own start each time.
 */
function machineAt(snapshot: SnapshotFrom<typeof deploymentMachine>) {
  return {
    transition: (...parameters: Parameters<typeof deploymentMachine.transition>) =>
      deploymentMachine.transition(...parameters),
    getInitialSnapshot: () => snapshot,
    getPersistedSnapshot: () => deploymentMachine.getPersistedSnapshot(snapshot),
  };
}
