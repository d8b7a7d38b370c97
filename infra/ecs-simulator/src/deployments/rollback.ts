import type { Deployment } from '../model/deployment';
import { addMessage, primaryOf, type Service } from '../model/service';
import { type ServiceDeployment, setStatus } from '../model/service-deployment';
import type { World } from '../model/world';
import { notifyDeployment } from '../notifications/service-notification';
import { clearThrottle } from '../tasks/start-throttle';
import { setRolloutState } from './rollout';

/** Why ECS goes back, with what DescribeServiceDeployments says of it. */
export interface RollbackCause {
  readonly kind: 'circuit breaker' | 'alarms' | 'lifecycle hook' | 'stopped';
  readonly statusReason: string;
}

export const stoppedByCaller = {
  kind: 'stopped',
  statusReason: 'Service deployment rolled back because it was stopped.',
} as const satisfies RollbackCause;
export const brokenCircuit = {
  kind: 'circuit breaker',
  statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
} as const satisfies RollbackCause;

/** What is said of the deployment in `rolloutStateReason`, its notification and `events[]`. */
const failures = {
  'circuit breaker': { reason: 'tasks failed to start.', message: 'tasks failed to start.' },
  alarms: { reason: 'alarm detected.', message: 'alarm detected.' },
} as const;

/**
 * Fails the PRIMARY deployment for ECS's own protection, and tells so. What comes of it is for
 * `rollBackDeployment` or `abandon`.
 */
export function failDeployment(world: World, service: Service, kind: keyof typeof failures): void {
  const primary = primaryOf(service);
  const { reason, message } = failures[kind];
  setRolloutState(world, primary, { state: 'FAILED', reason: `ECS deployment ${kind}: ${reason}` });
  addMessage(world, service, `(deployment ${primary.id}) deployment failed: ${message}`);
  notifyDeployment(world, service, primary);
}

/**
 * Ends a service deployment that failed without the wish to roll back: the service stays as it is,
 * with no new tasks.
 */
export function abandon(world: World, serviceDeployment: ServiceDeployment, cause: RollbackCause): void {
  const reason = cause.statusReason.replace('rolled back', 'stopped');
  setStatus(world, serviceDeployment, { status: 'STOPPED', reason });
}

/**
 * Makes the last COMPLETED deployment PRIMARY again, under its old id and with the tasks it has
 * left. Without one the service stalls.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function rollBackDeployment(
  world: World,
  serviceDeployment: ServiceDeployment,
  cause: RollbackCause,
): void {
  const { service } = serviceDeployment;
  const failed = primaryOf(service);
  if (failed.rolloutState !== 'FAILED') {
    setRolloutState(world, failed, { state: 'FAILED', reason: `ECS deployment ${cause.kind}.` });
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
    reason: `ECS deployment ${cause.kind}: rolling back to deploymentId ${target.id}.`,
  });
  const reason = cause.statusReason;
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
