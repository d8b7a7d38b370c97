import type { Deployment } from '../deployment';
import { notifyDeployment } from '../notifications/service-notification';
import { addMessage, primaryOf, type Service } from '../service';
import { type ServiceDeployment, setStatus } from '../service-deployment';
import type { World } from '../world';
import { setRolloutState } from './rollout';
import { clearThrottle } from './start-throttle';

/** Why ECS goes back: it decides the texts that DescribeServices, DescribeServiceDeployments and the notification show. */
export type RollbackCause = 'circuit breaker' | 'stopped';

const reasons = {
  'circuit breaker': 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
  stopped: 'Service deployment rolled back because it was stopped.',
} as const satisfies Record<RollbackCause, string>;

/** Fails the PRIMARY deployment for its circuit breaker, and tells so. What comes of it is for `rollBack` or `abandon`. */
export function tripBreaker(world: World, service: Service, serviceDeployment: ServiceDeployment): void {
  const primary = primaryOf(service);
  setRolloutState(world, primary, {
    state: 'FAILED',
    reason: 'ECS deployment circuit breaker: tasks failed to start.',
  });
  serviceDeployment.isBreakerTriggered = true;
  addMessage(world, service, `(deployment ${primary.id}) deployment failed: tasks failed to start.`);
  notifyDeployment(world, service, primary);
}

/** Ends a service deployment that failed without the wish to roll back: the service stays as it is, with no new tasks. */
export function abandon(world: World, serviceDeployment: ServiceDeployment): void {
  setStatus(world, serviceDeployment, {
    status: 'STOPPED',
    reason: 'Service deployment stopped because the circuit breaker threshold was exceeded.',
  });
}

/**
 * Makes the last COMPLETED deployment PRIMARY again, under its old id and with the tasks it has left. Without one the service stalls.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function rollBack(world: World, serviceDeployment: ServiceDeployment, cause: RollbackCause): void {
  const { service } = serviceDeployment;
  const failed = primaryOf(service);
  if (cause === 'stopped') {
    setRolloutState(world, failed, { state: 'FAILED', reason: 'ECS deployment stopped.' });
  }
  const target = rollbackTarget(service);
  if (target === null) {
    const reason = 'No rollback candidate was found to run the rollback.';
    setStatus(world, serviceDeployment, { status: 'ROLLBACK_FAILED', reason });
    return;
  }
  restore(world, service, target);
  setRolloutState(world, target, {
    state: 'IN_PROGRESS',
    reason: `ECS deployment ${cause}: rolling back to deploymentId ${target.id}.`,
  });
  const reason = reasons[cause];
  serviceDeployment.rollback = { reason, startedAt: world.clock.now(), deployment: target };
  setStatus(world, serviceDeployment, { status: 'ROLLBACK_IN_PROGRESS', reason });
  addMessage(world, service, `rolling back to deployment ${target.id}.`);
  notifyDeployment(world, service, target);
}

/** A deployment that is being rolled back to is no candidate until it is COMPLETED again. */
function rollbackTarget(service: Service): Deployment | null {
  const candidate = service.lastCompleted;
  return candidate?.rolloutState === 'COMPLETED' && candidate !== primaryOf(service) ? candidate : null;
}

function restore(world: World, service: Service, target: Deployment): void {
  for (const deployment of service.deployments) deployment.status = 'ACTIVE';
  target.status = 'PRIMARY';
  target.failedTasks = 0;
  target.isKnownBlocked = false;
  target.updatedAt = world.clock.now();
  clearThrottle(target);
  service.deployments = [target, ...service.deployments.filter((deployment) => deployment !== target)];
  service.revisionParameters = target.revision.parameters;
}
