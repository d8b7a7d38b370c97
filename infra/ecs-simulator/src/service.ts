import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { Cancel } from '../../local/clock';
import type { Cluster } from './cluster';
import type { Deployment, RevisionParameters } from './deployment';
import type { DeploymentConfiguration } from './deployment-configuration';
import { invariant } from './ecs-error';
import type { ServiceDeployment } from './service-deployment';
import type { Task } from './task';
import type { World } from './world';

export const deploymentControllers = ['ECS', 'CODE_DEPLOY', 'EXTERNAL'] as const;
/** Who deploys: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentController.html */
export type DeploymentController = (typeof deploymentControllers)[number];

export interface Service {
  readonly arn: ServiceArn;
  readonly name: string;
  readonly cluster: Cluster;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly launchType: string;
  /** Under CODE_DEPLOY its one deployment is a task set; under EXTERNAL it has none, and no tasks. */
  readonly deploymentController: DeploymentController;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  deploymentConfiguration: DeploymentConfiguration;
  /** What the next deployment is made of, where UpdateService gives nothing else. */
  revisionParameters: RevisionParameters;
  /** Parameters that start no deployment, as they were given. */
  otherParameters: Readonly<Record<string, unknown>>;
  /** Newest first: the PRIMARY one, then those that are being drained. Empty once the service is INACTIVE. */
  deployments: Deployment[];
  /** Where a rollback goes, if it is still COMPLETED then. */
  lastCompleted: Deployment | null;
  /** Newest first. */
  readonly serviceDeployments: ServiceDeployment[];
  /** Newest first, 100 at most: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html */
  readonly messages: ServiceMessage[];
  /** The last thing that kept tasks from starting: the same is not told again until the service has been steady. */
  knownProblem: string | null;
  /** Tasks given up as unhealthy since tasks were last started. */
  unhealthyTasks: number;
  nextPass: { readonly at: Instant; readonly cancel: Cancel } | null;
  /** Cancels the next repetition of its steady state; null while it is not steady. */
  steadyState: Cancel | null;
}

export interface ServiceMessage {
  readonly id: string;
  readonly createdAt: Instant;
  readonly message: string;
}

/** The deployment that ECS works towards. Only an INACTIVE service has none, and one under EXTERNAL. */
export function primaryOf(service: Service): Deployment {
  const primary = service.deployments[0];
  invariant(primary?.status === 'PRIMARY', `${service.arn} has no PRIMARY deployment`);
  return primary;
}

/** Every task that has not stopped, the PRIMARY deployment's first. */
export function* tasksOf(service: Service): Generator<Task> {
  for (const deployment of service.deployments) yield* deployment.tasks;
}

const keptMessages = 100;

/** Adds to `events[]` of DescribeServices. */
export function addMessage(world: World, service: Service, text: string): void {
  service.messages.unshift({
    id: world.random.uuid(),
    createdAt: world.clock.now(),
    message: `(service ${service.name}) ${text}`,
  });
  if (service.messages.length > keptMessages) service.messages.length = keptMessages;
}
