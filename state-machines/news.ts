import type {
  DeploymentCompleted,
  DeploymentFailed,
  DeploymentStarted,
  ObservedEvent,
  TaskChanged,
} from './events';
import type { DeploymentId } from './identifiers';
import { isLive, type LiveRollout } from './live-rollout';
import type { ServiceState } from './service-state';
import { isStale, markOf } from './task-ledger';

/**
 * Whether a fact that ECS shows may tell the service's live rollouts something that no event has told yet. Pure. A fact that does
 * tell something is never taken for known; one that does not may be taken for news, and then changes nothing.
 */
export function isNews(state: ServiceState, fact: ObservedEvent): boolean {
  switch (fact.type) {
    case 'TaskChanged':
      return isTaskNews(liveOf(state, fact.deployment), fact);
    case 'DeploymentStarted':
    case 'DeploymentCompleted':
    case 'DeploymentFailed':
      return isDeploymentNews(state, fact);
    default:
      return true;
  }
}

function isTaskNews(live: LiveRollout | undefined, fact: TaskChanged): boolean {
  if (live === undefined) return false;
  const mark = markOf(live.context.tasks, fact.task);
  return mark === undefined || !isStale(fact, mark);
}

function isDeploymentNews(
  state: ServiceState,
  { type, deployment }: DeploymentStarted | DeploymentCompleted | DeploymentFailed,
): boolean {
  const live = liveOf(state, deployment);
  // ECS re-uses deployment ids: the start of one that is not live may be its second.
  if (live === undefined) return true;
  if (type === 'DeploymentStarted') return false;
  return type === 'DeploymentCompleted' ? live.phase === 'watching' : live.phase !== 'rollingBack';
}

function liveOf({ rollouts }: ServiceState, deployment: DeploymentId | null): LiveRollout | undefined {
  return rollouts.findLast((live) => isLive(live) && live.context.deployment === deployment);
}
