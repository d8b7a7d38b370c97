import type { DeploymentId, TaskDefinitionArn } from '../log/identifiers';
import type { DeploymentCompleted, DeploymentFailed, DeploymentStarted } from '../log/observed-events';
import { alarmsRaisedNow } from '../rollout/alarms/alarm-memory';
import { alarmsDoubtedAt } from '../rollout/alarms/alarm-past';
import {
  isLive,
  isSameRollout,
  isStartedAgain,
  type LiveRollout,
  openRollout,
} from '../rollout/live-rollout';
import { countTasks, emptyLedger } from '../rollout/task-ledger';
import { mayBeOf, openingBy } from './finality';
import { hasOwnAttempt } from './follow-stop';
import { untilRollout } from './learning';
import { leftByOperator } from './operator/operator-traces';
import { hasFailedHere, rememberStart, rememberTaskDefinition, standingTasksOf } from './service-memory';
import type { ServiceState } from './service-state';
import { type Step, signalRollouts, withoutProbations } from './signal-rollouts';
import { bringsBack, isTakenBack, leftFor, mayBeAttempted } from './way-back/taken-back';

interface Start {
  readonly deployment: DeploymentId;
  /** ECS says that it goes back to this deployment. */
  readonly isRollback: boolean;
  /** ECS says that somebody stopped the service deployment. */
  readonly isAfterStop?: true;
}

type ToldAt = Pick<DeploymentStarted, 'occurredAt'>;

/**
 * ECS works towards a deployment. One that is live already is told of twice, and nothing changes;
 * unless ECS goes back to it, or the log took this for the first of a rollout, for then something
 * that nobody told of has come in between.
 */
export function followStart(state: ServiceState, step: Step, start: Start & ToldAt): ServiceState {
  const { deployment } = start;
  const live = state.rollouts.findLast((rollout) => isLive(rollout) && isOf(deployment)(rollout));
  if (live === undefined) return startDeployment(state, step, start);
  const opening = openingBy(step.recorded, deployment, step.event);
  const isOther = isStartedAgain(live, start) || (opening !== null && !mayBeOf(live, opening, step.recorded));
  return isOther ? startAgain(state, step, { live, start }) : state;
}

/** The live rollout of a deployment has ended untold, and the deployment starts again. */
function startAgain(
  state: ServiceState,
  step: Step,
  { live, start }: { readonly live: LiveRollout; readonly start: Start },
): ServiceState {
  const ended = signalRollouts(state, step, {
    concerns: (rollout) => isSameRollout(rollout, live.context),
    facts: { type: 'NewerDeploymentStarted', deployment: start.deployment, isUnknown: false },
  });
  return startDeployment(ended, step, start);
}

/** Opens a rollout. It takes live ones back or supersedes them, and they hear of it. */
function startDeployment(
  earlier: ServiceState,
  step: Step,
  { deployment, isRollback, isAfterStop }: Start,
): ServiceState {
  const state = withoutProbations(earlier, step);
  const isAgain = isRollback || state.memory.started.includes(deployment);
  const others = state.rollouts.filter(isLive).reverse();
  // The deployment's own rollout has ended before, recorded or not.
  const newer = others.filter((live) => !isOf(deployment)(live));
  const takenBack = newer.filter((live, age) =>
    isTakenBack(state, live, {
      deployment,
      isAgain: isAgain && age === 0,
      startedAt: step.event.occurredAt,
    }),
  );
  const learnt = { ...state, memory: untilRollout(state.memory, step.event.occurredAt) };
  const signalled = others.reduce((before, live) => {
    const concerns = (other: LiveRollout) => isSameRollout(other, live.context);
    return takenBack.includes(live)
      ? signalRollouts(before, step, {
          concerns,
          facts: {
            ...rollbackStarted(before, deployment),
            ...takenBackBy(live, { isAgain, isAfterStop: isAfterStop === true }),
          },
        })
      : signalRollouts(before, step, { concerns, facts: newerStarted(before, deployment, live) });
  }, learnt);
  const { id: startedBy, occurredAt: startedAt } = step.event;
  const taskDefinition = signalled.memory.taskDefinitions[deployment] ?? null;
  const rollbackOf =
    takenBack[0]?.context.deployment ??
    signalled.memory.waysBack?.[deployment] ??
    leftByOperator(signalled.memory, { deployment, taskDefinition, startedAt });
  const opening = {
    service: state.service,
    deployment,
    rollbackOf,
    startedAt,
    startedBy,
    policy: step.policy,
    taskDefinition,
    hasFailedBefore: hasFailedHere(state.memory, { deployment, taskDefinition }),
    raisedBeforeStart: alarmsRaisedNow(signalled.memory),
    doubtedAlarms: alarmsDoubtedAt(signalled.memory, startedAt),
    tasks: standingTasksOf(signalled.memory, deployment) ?? emptyLedger,
    isGoingBack: isRollback,
    past: signalled.memory.past,
    strategy: signalled.memory.strategy,
    oldRunning: oldRunningIn(signalled, deployment),
  };
  return {
    ...signalled,
    rollouts: [...signalled.rollouts, openRollout(opening)],
    memory: { ...rememberStart(signalled.memory, deployment), steady: null },
  };
}

function oldRunningIn({ memory }: ServiceState, deployment: DeploymentId): number {
  const others = memory.standing.filter((one) => one.deployment !== deployment);
  return countTasks(others.map(({ tasks }) => tasks));
}

/**
 * Behind an attempt of Rewind's own, a stop is that attempt's doing, of which Rewind keeps the
 * record.
 */
function takenBackBy(live: LiveRollout, start: { isAgain: boolean; isAfterStop: boolean }) {
  if (!start.isAgain) return { by: 'operator' as const };
  const isByOthers = start.isAfterStop && !hasOwnAttempt(live);
  return isByOthers ? { by: 'operator' as const, stoppedBy: null } : { by: 'ecs' as const };
}

function rollbackStarted({ memory }: ServiceState, deployment: DeploymentId) {
  const target = memory.taskDefinitions[deployment] ?? null;
  return { type: 'RollbackStarted' as const, deployment, target };
}

/**
 * A deployment event names no task definition: until a task does, this may be the way back by
 * another hand.
 */
function newerStarted({ memory }: ServiceState, deployment: DeploymentId, live: LiveRollout) {
  const { rollback } = live.context;
  const mayBeTheWayBack = rollback !== null && rollback.target !== null && rollback.deployment === null;
  const taskDefinition = memory.taskDefinitions[deployment];
  const isUnknown = mayBeTheWayBack && (taskDefinition === undefined || mayBeAttempted(live, taskDefinition));
  return { type: 'NewerDeploymentStarted' as const, deployment, isUnknown };
}

/**
 * ECS completed a deployment or gave it up. One whose start was never told is taken as starting
 * here.
 */
export function finishDeployment(
  state: ServiceState,
  step: Step,
  event: DeploymentCompleted | DeploymentFailed,
): ServiceState {
  const deployment = event.deployment ?? state.rollouts.findLast(isLive)?.context.deployment ?? null;
  if (deployment === null) return state;
  const isStart = openingBy(step.recorded, deployment, event) !== null;
  if (!isStart && isLateRepetition(state, event, deployment)) return state;
  const started = followStart(state, step, { deployment, isRollback: false, occurredAt: event.occurredAt });
  const facts = event.type === 'DeploymentFailed' ? { type: event.type, event } : { type: event.type };
  const finished = signalRollouts(started, step, { concerns: isOf(deployment), facts });
  // Whatever it ran, nobody will tell any more: it was not the way back.
  const awaits = ({ context }: LiveRollout) => context.successor === deployment;
  return signalRollouts(finished, step, {
    concerns: awaits,
    facts: { type: 'NewerDeploymentStarted', deployment, isUnknown: false },
  });
}

/**
 * The end of a rollout told again, after the rollout is over: the same fact may come as a service
 * action too. Only a completion while another rollout is being rolled back means more: it is the
 * way back, of which the start was not told.
 */
function isLateRepetition(
  { rollouts, memory }: ServiceState,
  event: DeploymentCompleted | DeploymentFailed,
  deployment: DeploymentId,
): boolean {
  const live = rollouts.filter(isLive);
  if (live.some(isOf(deployment)) || !memory.started.includes(deployment)) return false;
  return event.type === 'DeploymentFailed' || !live.some(({ phase }) => phase === 'rollingBack');
}

/**
 * What a deployment runs became known: by it a newer deployment shows to be the way back, or
 * something else.
 */
export function identifyTaskDefinition(
  state: ServiceState,
  step: Step,
  { deployment, taskDefinition }: { deployment: DeploymentId; taskDefinition: TaskDefinitionArn },
): ServiceState {
  if (state.memory.taskDefinitions[deployment] === taskDefinition) return state;
  const known = { ...state, memory: rememberTaskDefinition(state.memory, deployment, taskDefinition) };
  const isTakenBackByIt = (live: LiveRollout) =>
    live.context.successor === deployment && bringsBack(known.memory, live, { deployment, taskDefinition });
  const takenBack = state.rollouts.find((live) => isLive(live) && isTakenBackByIt(live));
  const rollbackOf = takenBack?.context.deployment ?? leftFor(known, deployment, taskDefinition);
  const hasFailedBefore = hasFailedHere(state.memory, { deployment, taskDefinition });
  const identified = signalRollouts(known, step, {
    concerns: isOf(deployment),
    facts: { type: 'TaskDefinitionIdentified', taskDefinition, rollbackOf, hasFailedBefore },
  });
  const followed = signalRollouts(identified, step, {
    concerns: (live) => isTakenBackByIt(live) || lacksTarget(live, deployment),
    facts: { type: 'RollbackStarted', deployment, by: 'operator', target: taskDefinition },
  });
  return signalRollouts(followed, step, {
    concerns: (live) => live.context.successor === deployment && !mayBeAttempted(live, taskDefinition),
    facts: { type: 'NewerDeploymentStarted', deployment, isUnknown: false },
  });
}

function lacksTarget({ context: { rollback } }: LiveRollout, deployment: DeploymentId): boolean {
  return rollback !== null && rollback.deployment === deployment && rollback.target === null;
}

export function isOf(deployment: DeploymentId | null) {
  return ({ context }: LiveRollout) => context.deployment === deployment;
}
