import type { DeploymentId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type {
  DeploymentCompleted,
  DeploymentFailed,
  DeploymentStarted,
  ObservedEvent,
  TaskChanged,
} from '../log/observed-events';
import { isEarlier } from '../log/observed-service';
import { isFollowed, isLive, isStartedAgain, type LiveRollout } from '../rollout/live-rollout';
import { isStale, markOf } from '../rollout/task-ledger';
import type { ServiceState } from '../service/service-state';

/**
 * Whether a fact that ECS shows may say something about the service's live rollouts, up to the
 * instant at which a phase ended, that stands in no event yet. Pure. A fact that does say something
 * is never taken for known; one that does not may be taken for unrecorded, and then changes
 * nothing.
 */
export function isUnrecorded(state: ServiceState, fact: ObservedEvent, until: Instant): boolean {
  switch (fact.type) {
    case 'TaskChanged':
      // The tasks of a busy service change all the time: a phase that waited for what came after
      // its end would never end.
      return fact.occurredAt <= until && isUnrecordedTask(followedOf(state, fact.deployment), fact);
    case 'DeploymentStarted':
    case 'DeploymentCompleted':
    case 'DeploymentFailed':
      return isUnrecordedDeployment(state, fact);
    default:
      return true;
  }
}

function isUnrecordedTask(live: LiveRollout | undefined, fact: TaskChanged): boolean {
  // ECS re-uses deployment ids: what a task did before belongs to the deployment's rollout of then.
  if (live === undefined || fact.occurredAt < live.context.startedAt) return false;
  const mark = markOf(live.context.tasks, fact.task);
  return mark === undefined || !isStale(fact, mark);
}

type DeploymentFact = DeploymentStarted | DeploymentCompleted | DeploymentFailed;

function isUnrecordedDeployment(state: ServiceState, fact: DeploymentFact): boolean {
  const { type, deployment } = fact;
  const live = liveOf(state, deployment);
  if (live === undefined) return !isPast(state, fact);
  if (type === 'DeploymentStarted') return isStartedAgain(live, fact) || isStartedBefore(live, fact);
  return type === 'DeploymentCompleted' ? live.phase === 'watching' : live.phase !== 'rollingBack';
}

/**
 * Whether it started before what is taken for its start: its end was told first. A recorded opening
 * says when it started, for good.
 */
function isStartedBefore({ recorded, context }: LiveRollout, { occurredAt }: DeploymentFact): boolean {
  return !recorded.opened && isEarlier(occurredAt, context.startedAt);
}

/**
 * A late report about a deployment whose rollout has ended, from before any live rollout. A later
 * one may be its second start: ECS re-uses ids.
 */
function isPast({ memory, rollouts }: ServiceState, { deployment, occurredAt }: DeploymentFact): boolean {
  const isKnown = deployment !== null && memory.started.includes(deployment);
  return isKnown && rollouts.filter(isLive).every(({ context }) => occurredAt < context.startedAt);
}

function liveOf({ rollouts }: ServiceState, deployment: DeploymentId | null): LiveRollout | undefined {
  return rollouts.findLast((live) => isLive(live) && live.context.deployment === deployment);
}

function followedOf({ rollouts }: ServiceState, deployment: DeploymentId | null): LiveRollout | undefined {
  return rollouts.findLast((live) => isFollowed(live) && live.context.deployment === deployment);
}
