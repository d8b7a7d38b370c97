import { type DeploymentId, isOfSameFamily, type TaskDefinitionArn } from '../../log/identifiers';
import type { Instant } from '../../log/instant';
import { isLive, type LiveRollout } from '../../rollout/live-rollout';
import { isJustLeft, leftByOperator } from '../operator/operator-traces';
import type { ServiceMemory } from '../service-memory';
import type { ServiceState } from '../service-state';
import { isEarlierRevision } from './earlier-revisions';

/** Whether a deployment that starts takes a live rollout back. */
export function isTakenBack(
  { memory }: ServiceState,
  live: LiveRollout,
  by: { deployment: DeploymentId; isAgain: boolean; startedAt: Instant },
) {
  const { rollback } = live.context;
  if (by.isAgain || rollback?.deployment === by.deployment) return true;
  const taskDefinition = memory.taskDefinitions[by.deployment];
  if (taskDefinition === undefined && isJustLeft(memory, live.context.deployment, by.startedAt)) return true;
  if (live.phase !== 'rollingBack' || taskDefinition === undefined) return false;
  return bringsBack(memory, live, { deployment: by.deployment, taskDefinition });
}

/**
 * The target's task definition brings the service back, unless the rollout runs the same one, and
 * so does any revision that lies before the rollout's: that is an operator's own way back.
 */
export function bringsBack(
  memory: ServiceMemory,
  live: LiveRollout,
  deployed: { readonly deployment: DeploymentId; readonly taskDefinition: TaskDefinitionArn },
): boolean {
  const { rollback, taskDefinition } = live.context;
  if (deployed.taskDefinition === taskDefinition) return false;
  return rollback?.target === deployed.taskDefinition || isEarlierRevision(memory, live, deployed);
}

/**
 * Whether a deployment may be what an attempt of Rewind's own made, of which nobody has told yet:
 * of the target's own task definition, or of a copy of it. The next look at ECS tells.
 */
export function mayBeAttempted(
  { context, recorded }: LiveRollout,
  taskDefinition: TaskDefinitionArn,
): boolean {
  const { attempt } = recorded;
  const target = context.rollback?.target ?? null;
  if (attempt?.outcome !== 'pending' || target === null) return false;
  return target === taskDefinition || (attempt.byCopy === true && isOfSameFamily(taskDefinition, target));
}

/** What an operator goes back from by a deployment that is live; null where nobody has said so. */
export function leftFor(
  { rollouts, memory }: ServiceState,
  deployment: DeploymentId,
  taskDefinition: TaskDefinitionArn,
): DeploymentId | null {
  const live = rollouts.find((rollout) => isLive(rollout) && rollout.context.deployment === deployment);
  if (live === undefined) return null;
  return leftByOperator(memory, { deployment, taskDefinition, startedAt: live.context.startedAt });
}
