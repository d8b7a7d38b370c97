import type { DeploymentId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { emptyMemory, type ServiceMemory } from './service-memory';
import type { ServiceState } from './service-state';

const deploymentsKept = 50;

/**
 * What follows under the same ARN is another service: nothing proven here holds there. Only what
 * tells the deleted service's late reports from the new one's is kept.
 */
export function memoryAfterDeletion({ memory, rollouts }: ServiceState, at: Instant): ServiceMemory {
  const deployments = new Set([
    ...rollouts.map(({ context }) => context.deployment).reverse(),
    ...memory.started,
    ...(Object.keys(memory.taskDefinitions).reverse() as DeploymentId[]),
    ...(memory.deletion?.deployments ?? []),
  ]);
  return { ...emptyMemory, deletion: { at, deployments: [...deployments].slice(0, deploymentsKept) } };
}

/**
 * Whether a report is about a service that was deleted before it: its tasks stop, and what ECS
 * tells of its deployments arrives, when it is gone.
 */
export function isOfDeletedService(
  { deletion }: ServiceMemory,
  { deployment, createdAt = null }: { deployment: DeploymentId | null; createdAt?: Instant | null },
): boolean {
  if (deletion === undefined) return false;
  if (createdAt !== null && createdAt <= deletion.at) return true;
  return deployment !== null && deletion.deployments.includes(deployment);
}
