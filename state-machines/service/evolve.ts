import type { DecidedEvent, RolloutOpened } from '../log/decided-events';
import { withDecision } from '../log/decision-chain';
import { isDecided, type RewindEvent } from '../log/events';
import { eventFingerprintOf, sumOf } from '../log/fingerprint';
import type { Instant } from '../log/instant';
import type { AlarmChanged, ObservedEvent, ServiceUpdated } from '../log/observed-events';
import { namedOnly } from '../log/way-back';
import { alarmsRaisedNow, rememberHistory } from '../rollout/alarms/alarm-memory';
import { alarmsDoubtedAt } from '../rollout/alarms/alarm-past';
import { isLive, isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import { afterMeasuring } from '../rollout/measuring/live-measuring';
import { afterDecision } from '../rollout/recorded-decisions';
import { isRollback } from '../rollout/rollout-context';
import { isOfDeletedService, memoryAfterDeletion } from './deletion';
import { finishDeployment, followStart, isOf } from './deployments';
import { decisionsFrom, mayBeOf } from './finality';
import { followStop } from './follow-stop';
import { followTask, identifyFrom } from './follow-task';
import { learnAlarm } from './learning';
import { afterCall } from './operator/after-call';
import { followAct } from './operator/follow-act';
import {
  rememberConcluded,
  rememberRollback,
  rememberStable,
  rememberWayBack,
  rolledBackByRewindAt,
  type ServiceMemory,
} from './service-memory';
import type { ServiceState } from './service-state';
import {
  type SignalFacts,
  type Step,
  signalRollouts,
  withoutPastProbations,
  withoutProbations,
} from './signal-rollouts';
import { followTraffic } from './traffic/follow-traffic';
import { isEarlierRevision } from './way-back/earlier-revisions';
import { safeTargetOf } from './way-back/safe-targets';

/**
 * Folds one event into the state of its service: finds the rollouts that it concerns and signals
 * them. Pure.
 */
export function evolve(state: ServiceState, step: Step): ServiceState {
  const { event } = step;
  const counted = countEvent(withoutPastProbations(state, step), event);
  const after = isDecided(event)
    ? decisionsFrom(step.recorded, event).reduce((before, one) => followDecision(before, step, one), counted)
    : followReport(counted, step, event);
  return settleRollbacks(state, after, step);
}

/** Written out, as this happens at every event: spreads took a third of a long replay's fold. */
function countEvent(state: ServiceState, event: RewindEvent): ServiceState {
  const { service, rollouts, memory } = state;
  return {
    service,
    eventsSeen: state.eventsSeen + 1,
    eventsFingerprint: sumOf(state.eventsFingerprint, eventFingerprintOf(event)),
    chain: isDecided(event) ? withDecision(state.chain, event) : state.chain,
    rollouts,
    memory,
  };
}

function followReport(state: ServiceState, step: Step, event: ObservedEvent): ServiceState {
  switch (event.type) {
    case 'DeploymentStarted':
      return isOfDeletedService(state.memory, event) ? state : followStart(state, step, event);
    case 'DeploymentCompleted':
    case 'DeploymentFailed':
      return isOfDeletedService(state.memory, event) ? state : finishDeployment(state, step, event);
    case 'TaskChanged':
      return followTask(state, step, event);
    case 'ServiceImpaired':
      return signalRollouts(state, step, { concerns: isLive, facts: { type: event.type, event } });
    case 'ServiceCreated':
      return identifyFrom(afterCall(state, event), step, event);
    case 'ServiceUpdated':
      return followUpdate(identifyFrom(afterCall(state, event), step, event), step, event);
    case 'ServiceDeleted':
      return {
        ...signalRollouts(withoutProbations(state, step), step, {
          concerns: isLive,
          facts: { type: event.type },
        }),
        memory: memoryAfterDeletion(state, event.occurredAt),
      };
    case 'AlarmChanged':
      return followAlarm(state, step, event);
    case 'HookChanged':
    case 'StageObserved':
      return followTraffic(state, step, event);
    case 'ServiceDeploymentStopped':
    case 'ServiceDeploymentContinued':
      return followStop(state, step, event);
    case 'OperatorActed':
      return followAct(state, step, event);
    case 'StackProbed':
      return state;
    default:
      return event satisfies never;
  }
}

function followAlarm(state: ServiceState, step: Step, event: AlarmChanged): ServiceState {
  const isWatching = ({ context: { policy } }: LiveRollout) =>
    policy.alarms.includes(event.alarmName) || policy.alarms.includes(event.alarm);
  return signalRollouts({ ...state, memory: learnAlarm(state, event) }, step, {
    concerns: isWatching,
    facts: { type: event.type, event },
  });
}

/**
 * A call that brings the service to where the newest rollout would go back to, or to a revision
 * before it, is that rollout's rollback, by a person or tool.
 */
function followUpdate(state: ServiceState, step: Step, event: ServiceUpdated): ServiceState {
  const newest = state.rollouts.findLast(isLive);
  if (newest === undefined || event.taskDefinition === null) return state;
  const { taskDefinition } = event;
  const { deployment, rollback } = newest.context;
  const isOther =
    deployment !== event.deployment && !isRollback(newest.context) && rollback?.issuedAt == null;
  if (!isOther || taskDefinition === newest.context.taskDefinition) return state;
  const isTarget = safeTargetOf(state.memory, newest)?.taskDefinition === taskDefinition;
  const deployed = { deployment: event.deployment, taskDefinition };
  if (!isTarget && !isEarlierRevision(state.memory, newest, deployed)) return state;
  return signalRollouts(state, step, {
    concerns: (live) => isSameRollout(live, newest.context),
    facts: {
      type: 'RollbackStarted',
      by: 'operator',
      deployment: event.deployment,
      target: taskDefinition,
    },
  });
}

function followDecision(state: ServiceState, step: Step, event: DecidedEvent): ServiceState {
  if (isCompletedBefore(state, event)) return state;
  const opened = event.type === 'RolloutOpened' ? identifyRollout(state, step, event) : state;
  const told = remembering(opened, event);
  const index = told.rollouts.findLastIndex((live) => isSameRollout(live, event));
  const live = told.rollouts[index];
  if (live === undefined) return told;
  const recorded = afterMeasuring({ ...live, recorded: afterDecision(live.recorded, event) }, event);
  const signalled = signalRollouts({ ...told, rollouts: told.rollouts.with(index, recorded) }, step, {
    concerns: (other) => isSameRollout(other, event),
    facts: factsOf(event, told.memory),
  });
  return event.type === 'RolloutOpened' ? identifyFrom(signalled, step, event) : signalled;
}

/** What was opened unseen may be completed under a start that was learnt later and lies before. */
function isCompletedBefore({ rollouts }: ServiceState, event: DecidedEvent): boolean {
  if (event.type !== 'RolloutOpened' || !event.isUnseen) return false;
  const recorded = rollouts.find((live) => isSameRollout(live, event))?.recorded;
  return recorded?.opened === true && !recorded.isOpenedUnseen;
}

/** An opening may have told what the alarms did before the start. */
function factsOf(event: DecidedEvent, memory: ServiceMemory): SignalFacts {
  if (event.type !== 'RolloutOpened') return { type: event.type, event } as SignalFacts;
  const raisedBeforeStart = alarmsRaisedNow(memory);
  const doubtedAlarms = alarmsDoubtedAt(memory, event.startedAt);
  return { type: event.type, event, raisedBeforeStart, doubtedAlarms };
}

/** What a decision itself says that outlives its rollout, also where nothing else of it is left. */
function afterOwnRollback(memory: ServiceMemory, event: DecidedEvent, at: Instant): ServiceMemory {
  const counted = rememberRollback(memory, at);
  const by = 'rollbackDeployment' in event ? event.rollbackDeployment : null;
  return by === null ? counted : rememberWayBack(counted, by, event.deployment);
}

function remembering(state: ServiceState, event: DecidedEvent): ServiceState {
  const rolledBackAt = rolledBackByRewindAt(event);
  if (rolledBackAt !== null) return { ...state, memory: afterOwnRollback(state.memory, event, rolledBackAt) };
  switch (event.type) {
    case 'RolloutOpened': {
      const stable = event.wayBack ?? (event.stable === null ? null : namedOnly(event.stable));
      const { alarmHistory = [] } = event;
      const memory = alarmHistory.reduce(rememberHistory, state.memory);
      return { ...state, memory: stable === null ? memory : rememberStable(memory, stable) };
    }
    case 'RolloutConcluded':
      return { ...state, memory: rememberConcluded(state.memory, event) };
    default:
      return state;
  }
}

/**
 * A recorded opening says when its rollout started, for good: a start that is learnt later does not
 * move it. A rollout without any notification was found by looking at ECS: its opening is its
 * start.
 */
function identifyRollout(state: ServiceState, step: Step, event: RolloutOpened): ServiceState {
  const { deployment, startedAt } = event;
  if (state.rollouts.some((live) => isSameRollout(live, event))) return state;
  const index = state.rollouts.findIndex(
    (live) =>
      isLive(live) && isOf(deployment)(live) && !live.recorded.opened && mayBeOf(live, event, step.recorded),
  );
  const earlier = state.rollouts[index];
  if (earlier === undefined) {
    // ECS starts a deployment that is live again only to go back to it.
    const isRollback = state.rollouts.some((live) => isLive(live) && isOf(deployment)(live));
    return followStart(state, step, { deployment, isRollback, occurredAt: startedAt });
  }
  const moved = { ...earlier, context: { ...earlier.context, startedAt, startedBy: event.id } };
  return { ...state, rollouts: state.rollouts.with(index, moved) };
}

/**
 * A rollback is a rollout of its own: its completion settles the rollout that it takes back, its
 * failure fails that.
 */
function settleRollbacks(before: ServiceState, after: ServiceState, step: Step): ServiceState {
  if (before.rollouts === after.rollouts) return after;
  return after.rollouts
    .filter(({ context }) => context.rollbackOf !== null)
    .reduce((settled, rollback) => settleBy(rollback, { before, after: settled, step }), after);
}

function settleBy(
  rollback: LiveRollout,
  { before, after, step }: { before: ServiceState; after: ServiceState; step: Step },
): ServiceState {
  const { rollbackOf, outcome, transitionCause } = rollback.context;
  const earlier = before.rollouts.find((other) => isSameRollout(other, rollback.context));
  if (rollback.phase === (earlier?.phase ?? 'watching')) return after;
  const type = outcome === 'rollbackFailed' ? 'RollbackFailed' : 'RollbackCompleted';
  if (type === 'RollbackCompleted' && rollback.phase !== 'baking') return after;
  const isTakenBack = (other: LiveRollout) =>
    other.phase === 'rollingBack' && other.context.deployment === rollbackOf;
  return signalRollouts(after, step, { concerns: isTakenBack, facts: { type }, cause: transitionCause });
}
