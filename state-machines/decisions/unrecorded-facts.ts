import type { DeploymentId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type {
  DeploymentCompleted,
  DeploymentFailed,
  DeploymentStarted,
  ObservedEvent,
  TaskChanged,
} from '../log/observed-events';
import { isLive, type LiveRollout } from '../rollout/live-rollout';
import { isStale, markOf } from '../rollout/task-ledger';
import type { ServiceState } from '../service/service-state';

/**
 * Whether a fact that ECS shows may tell the service's live rollouts something of the time until a
 * phase ended that no event has told yet. Pure. A fact that does tell something is never taken for
 * known; one that does not may be taken for news, and then changes nothing.
 */
export function isNews(state: ServiceState, fact: ObservedEvent, until: Instant): boolean {
  switch (fact.type) {
    case 'TaskChanged':
      // The tasks of a busy service change all the time: a phase that waited for what came after
      // its end would never end.
      return fact.occurredAt <= until && isTaskNews(liveOf(state, fact.deployment), fact);
    case 'DeploymentStarted':
    case 'DeploymentCompleted':
    case 'DeploymentFailed':
      return isDeploymentNews(state, fact);
    default:
      return true;
  }
}

function isTaskNews(live: LiveRollout | undefined, fact: TaskChanged): boolean {
  // ECS re-uses deployment ids: what a task did before belongs to the deployment's rollout of then.
  if (live === undefined || fact.occurredAt < live.context.startedAt) return false;
  const mark = markOf(live.context.tasks, fact.task);
  return mark === undefined || !isStale(fact, mark);
}

type DeploymentFact = DeploymentStarted | DeploymentCompleted | DeploymentFailed;

function isDeploymentNews(state: ServiceState, fact: DeploymentFact): boolean {
  const { type, deployment } = fact;
  const live = liveOf(state, deployment);
  if (live === undefined) return !isPast(state, fact);
  if (type === 'DeploymentStarted') return false;
  return type === 'DeploymentCompleted' ? live.phase === 'watching' : live.phase !== 'rollingBack';
}

/**
 * Told of a deployment whose rollout is over, from before any that is live. Later, its start may be
 * its second: ids are re-used.
 */
function isPast({ memory, rollouts }: ServiceState, { deployment, occurredAt }: DeploymentFact): boolean {
  const isKnown = deployment !== null && memory.started.includes(deployment);
  return isKnown && rollouts.filter(isLive).every(({ context }) => occurredAt < context.startedAt);
}

function liveOf({ rollouts }: ServiceState, deployment: DeploymentId | null): LiveRollout | undefined {
  return rollouts.findLast((live) => isLive(live) && live.context.deployment === deployment);
}
