import { ecsArn } from '../foundation/arn';
import type { Deployment, ServiceRevision } from '../model/deployment';
import { addMessage, primaryOf, type Service } from '../model/service';
import {
  createServiceDeployment,
  currentServiceDeployment,
  type ServiceDeployment,
  setStatus,
} from '../model/service-deployment';
import type { TaskDefinition } from '../model/task-definition';
import type { World } from '../model/world';
import { notifyDeployment } from '../notifications/service-notification';

/**
 * Makes a new PRIMARY deployment of the task definition and the service's current parameters, with
 * its service deployment, PENDING. A service deployment under way is superseded:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export function openServiceDeployment(
  world: World,
  service: Service,
  taskDefinition: TaskDefinition,
): { opened: ServiceDeployment; superseded: ServiceDeployment | null } {
  const superseded = currentServiceDeployment(service);
  if (superseded !== null) setStatus(world, superseded, { status: 'STOP_REQUESTED' });
  const sources = sourcesOf(service);
  for (const deployment of service.deployments) deployment.status = 'ACTIVE';
  const deployment = createDeployment(world, createRevision(world, service, { taskDefinition, sources }));
  service.deployments.unshift(deployment);
  world.deploymentsStarted.push({
    service: service.arn,
    deployment: deployment.id,
    at: deployment.createdAt,
  });
  const opened = createServiceDeployment(world, service, { deployment, sources });
  notifyDeployment(world, service, deployment);
  return { opened, superseded };
}

/** What runs now, first of all what has completed: traffic is there. */
function sourcesOf({ deployments, lastCompleted }: Service): ServiceRevision[] {
  const running = deployments.filter(({ tasks }) => tasks.size > 0);
  const completed = running.filter((deployment) => deployment === lastCompleted);
  const others = running.filter((deployment) => deployment !== lastCompleted);
  return [...completed, ...others].map(({ revision }) => revision);
}

function createRevision(
  world: World,
  service: Service,
  { taskDefinition, sources }: { taskDefinition: TaskDefinition; sources: readonly ServiceRevision[] },
): ServiceRevision {
  const { strategy = 'ROLLING' } = service.deploymentConfiguration;
  const [source] = sources;
  const isInAlternate = source?.usesAlternate === true;
  return {
    arn: ecsArn(world, `service-revision/${service.cluster.name}/${service.name}/${world.random.digits(19)}`),
    taskDefinition,
    parameters: service.revisionParameters,
    imageDigests: digestsOf(world, taskDefinition),
    createdAt: world.clock.now(),
    usesAlternate: strategy === 'ROLLING' || source === undefined ? isInAlternate : !isInAlternate,
  };
}

/**
 * ECS resolves tags when a deployment starts, so that all of its tasks run the same images.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability
 */
function digestsOf(world: World, { containers }: TaskDefinition): ReadonlyMap<string, string> {
  const consistent = containers.filter(({ isVersionConsistent }) => isVersionConsistent);
  return new Map(consistent.map(({ name, image }) => [name, world.images.digestOf(image)]));
}

function createDeployment(world: World, revision: ServiceRevision): Deployment {
  const id = `ecs-svc/${world.random.digits(19)}`;
  const now = world.clock.now();
  return {
    id,
    revision,
    createdAt: now,
    tasks: new Set(),
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    updatedAt: now,
    failedTasks: 0,
    startThrottle: { failedRounds: 0, since: null, until: null },
    isKnownBlocked: false,
  };
}

/**
 * Ends the rollout, or its rollback, well: the drained deployments are gone and this one is where a
 * later rollback goes.
 */
export function completeRollout(world: World, service: Service): void {
  const primary = primaryOf(service);
  setRolloutState(world, primary, { state: 'COMPLETED', reason: `ECS deployment ${primary.id} completed.` });
  // An early success may leave tasks of older deployments to be removed later.
  service.deployments = service.deployments.filter((one) => one === primary || one.tasks.size > 0);
  service.lastCompleted = primary;
  const serviceDeployment = currentServiceDeployment(service);
  if (serviceDeployment !== null) {
    const isRollback = serviceDeployment.rollback !== null;
    setStatus(world, serviceDeployment, { status: isRollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL' });
  }
  addMessage(world, service, `(deployment ${primary.id}) deployment completed.`);
  notifyDeployment(world, service, primary);
}

export function setRolloutState(
  world: World,
  deployment: Deployment,
  { state, reason }: { state: Deployment['rolloutState']; reason: string },
): void {
  deployment.rolloutState = state;
  deployment.rolloutStateReason = reason;
  deployment.updatedAt = world.clock.now();
}
