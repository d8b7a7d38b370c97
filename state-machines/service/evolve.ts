import type { DecidedEvent, RolloutOpened } from '../log/decided-events';
import { withDecision } from '../log/decision-chain';
import { isDecided, type RewindEvent } from '../log/events';
import { eventFingerprintOf, sumOf } from '../log/fingerprint';
import type { Instant } from '../log/instant';
import type { ServiceUpdated, TaskChanged } from '../log/observed-events';
import { isLive, isSameRollout, type LiveRollout, record } from '../rollout/live-rollout';
import { finish, isOf, learn, start } from './deployments';
import { emptyMemory, rememberAlarm, rememberRollback, rememberTask } from './service-memory';
import { type Facts, type ServiceState, type Step, safeTargetOf, tellWhere } from './service-state';

/**
 * Folds one event into the state of its service: finds the rollouts that it concerns and tells
 * them. Pure.
 */
export function evolve(state: ServiceState, step: Step): ServiceState {
  const counted = count(state, step.event);
  const after = isDecided(step.event)
    ? followDecision(counted, step, step.event)
    : followReport(counted, step);
  return settleRollbacks(state, after, step);
}

/** Written out for speed: see withRollouts. */
function count(state: ServiceState, event: RewindEvent): ServiceState {
  const { service, eventsSeen, eventsFingerprint, chain, rollouts, memory } = state;
  return {
    service,
    eventsSeen: eventsSeen + 1,
    eventsFingerprint: sumOf(eventsFingerprint, eventFingerprintOf(event)),
    chain: isDecided(event) ? withDecision(chain, event) : chain,
    rollouts,
    memory,
  };
}

function followReport(state: ServiceState, step: Step): ServiceState {
  const { event } = step;
  switch (event.type) {
    case 'DeploymentStarted':
      return start(state, step, event);
    case 'DeploymentCompleted':
    case 'DeploymentFailed':
      return finish(state, step, event);
    case 'TaskChanged':
      return followTask(state, step, event);
    case 'ServiceImpaired':
      return tellWhere(state, step, { concerns: isLive, facts: { type: event.type, event } });
    case 'ServiceCreated':
      return learnFrom(state, step, event);
    case 'ServiceUpdated':
      return followUpdate(learnFrom(state, step, event), step, event);
    case 'ServiceDeleted':
      // What follows under the same ARN is another service: nothing proven here holds there.
      return {
        ...tellWhere(state, step, { concerns: isLive, facts: { type: event.type } }),
        memory: emptyMemory,
      };
    case 'AlarmChanged': {
      const memory = rememberAlarm(state.memory, event.alarmName, event.state);
      const watches = ({ context: { policy } }: LiveRollout) =>
        policy.alarms.includes(event.alarmName) || policy.alarms.includes(event.alarm);
      return tellWhere({ ...state, memory }, step, { concerns: watches, facts: { type: event.type, event } });
    }
    default:
      return state;
  }
}

/**
 * A task belongs to the deployment in its startedBy: one of an older deployment says nothing about
 * the newer one.
 */
function followTask(state: ServiceState, step: Step, event: TaskChanged): ServiceState {
  const { deployment, taskDefinition } = event;
  const memory = taskDefinition === null ? state.memory : rememberTask(state.memory, taskDefinition);
  const seen = memory === state.memory ? state : { ...state, memory };
  return tellWhere(learnFrom(seen, step, event), step, {
    concerns: isOf(deployment),
    facts: { type: event.type, event },
  });
}

function learnFrom(
  state: ServiceState,
  step: Step,
  { deployment, taskDefinition }: Pick<TaskChanged, 'deployment' | 'taskDefinition'>,
): ServiceState {
  if (deployment === null || taskDefinition === null) return state;
  return learn(state, step, { deployment, taskDefinition });
}

/**
 * A call that brings the service to where the newest rollout would go back to is that rollout's
 * rollback, by a person or tool.
 */
function followUpdate(state: ServiceState, step: Step, event: ServiceUpdated): ServiceState {
  const newest = state.rollouts.findLast(isLive);
  if (newest === undefined || event.taskDefinition === null) return state;
  const { deployment, rollbackOf, rollback } = newest.context;
  const isOther = deployment !== event.deployment && rollbackOf === null && rollback?.issuedAt == null;
  if (!isOther || safeTargetOf(state, newest) !== event.taskDefinition) return state;
  return tellWhere(state, step, {
    concerns: (live) => isSameRollout(live, newest.context),
    facts: {
      type: 'RollbackStarted',
      by: 'operator',
      deployment: event.deployment,
      target: event.taskDefinition,
    },
  });
}

function followDecision(state: ServiceState, step: Step, event: DecidedEvent): ServiceState {
  const opened = event.type === 'RolloutOpened' ? identify(state, step, event) : state;
  const index = opened.rollouts.findLastIndex((live) => isSameRollout(live, event));
  const live = opened.rollouts[index];
  if (live === undefined) return opened;
  const recorded = { ...opened, rollouts: opened.rollouts.with(index, record(live, event)) };
  const told = tellWhere(recorded, step, {
    concerns: (other) => isSameRollout(other, event),
    facts: { type: event.type, event } as Facts,
  });
  if (event.type === 'RolloutOpened') return learnFrom(told, step, event);
  const rolledBackAt = rolledBackByRewindAt(event);
  return rolledBackAt === null ? told : { ...told, memory: rememberRollback(told.memory, rolledBackAt) };
}

/**
 * Rewind's own rollbacks count towards the budget, also where only the one who came after a crash
 * could record them.
 */
function rolledBackByRewindAt(event: DecidedEvent): Instant | null {
  if (event.type === 'RollbackIssued') return event.issuedAt;
  return event.type === 'RollbackAdopted' && event.by === 'rewind' ? event.adoptedAt : null;
}

/**
 * A recorded opening says when its rollout started, for good: a start that was told only later does
 * not move it. A rollout that no notification told of was found by looking at ECS: its opening is
 * its start.
 */
function identify(state: ServiceState, step: Step, event: RolloutOpened): ServiceState {
  const { deployment, startedAt } = event;
  if (state.rollouts.some((live) => isSameRollout(live, event))) return state;
  const index = state.rollouts.findIndex(
    (live) => isLive(live) && !live.recorded.opened && live.context.deployment === deployment,
  );
  const earlier = state.rollouts[index];
  if (earlier === undefined) return start(state, step, { deployment, isRollback: false });
  const moved = { ...earlier, context: { ...earlier.context, startedAt, startedBy: event.id } };
  return { ...state, rollouts: state.rollouts.with(index, moved) };
}

/**
 * A rollback is a rollout of its own: its completion settles the rollout that it takes back, its
 * failure fails that.
 */
function settleRollbacks(before: ServiceState, after: ServiceState, step: Step): ServiceState {
  if (before.rollouts === after.rollouts) return after;
  let settled = after;
  for (const live of after.rollouts) {
    if (live.context.rollbackOf !== null) settled = settleBy(live, { before, after: settled, step });
  }
  return settled;
}

function settleBy(
  live: LiveRollout,
  { before, after, step }: { before: ServiceState; after: ServiceState; step: Step },
): ServiceState {
  const { rollbackOf, outcome, because } = live.context;
  const earlier = before.rollouts.find((other) => isSameRollout(other, live.context));
  if (live.phase === (earlier?.phase ?? 'watching')) return after;
  const type = outcome === 'rollbackFailed' ? 'RollbackFailed' : 'RollbackCompleted';
  if (type === 'RollbackCompleted' && live.phase !== 'baking') return after;
  const isTakenBack = (other: LiveRollout) =>
    other.phase === 'rollingBack' && other.context.deployment === rollbackOf;
  return tellWhere(after, step, { concerns: isTakenBack, facts: { type }, cause: because });
}
