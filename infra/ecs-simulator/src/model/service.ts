import type { EcsDeploymentConfiguration } from '../configuration/deployment-configuration';
import type { Cancel, ClockTime } from '../foundation/clock';
import { assertConsistent } from '../foundation/ecs-error';
import type { Cluster } from './cluster';
import type { Deployment, ServiceRevisionParameters } from './deployment';
import type { ServiceDeployment } from './service-deployment';
import type { Task } from './task';
import type { World } from './world';

export const deploymentControllers = ['ECS', 'CODE_DEPLOY', 'EXTERNAL'] as const;
/**
 * Who deploys:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentController.html
 */
export type DeploymentController = (typeof deploymentControllers)[number];

export interface Service {
  readonly arn: string;
  readonly name: string;
  readonly cluster: Cluster;
  readonly createdAt: ClockTime;
  readonly createdBy: string;
  readonly launchType: string;
  /**
   * Under CODE_DEPLOY its one deployment is a task set; under EXTERNAL it has none, and no tasks.
   */
  readonly deploymentController: DeploymentController;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  deploymentConfiguration: EcsDeploymentConfiguration;
  /** What the next deployment is made of, where UpdateService gives nothing else. */
  revisionParameters: ServiceRevisionParameters;
  /** Parameters that start no deployment, as they were given. */
  otherParameters: Readonly<Record<string, unknown>>;
  /**
   * Newest first: the PRIMARY one, then those that are being drained. Empty once the service is
   * INACTIVE.
   */
  deployments: Deployment[];
  /** Where a rollback goes, if it is still COMPLETED then. */
  lastCompleted: Deployment | null;
  /** Newest first. */
  readonly serviceDeployments: ServiceDeployment[];
  /**
   * Newest first, 100 at most:
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
   */
  readonly messages: ServiceMessage[];
  /**
   * The last thing that kept tasks from starting: the same is not told again until the service has
   * been steady.
   */
  knownProblem: string | null;
  /** Tasks given up as unhealthy since tasks were last started. */
  unhealthyTasks: number;
  nextPass: { readonly at: ClockTime; readonly cancel: Cancel } | null;
  /** Cancels the next repetition of its steady state; null while it is not steady. */
  steadyState: Cancel | null;
}

interface ServiceMessage {
  readonly id: string;
  readonly createdAt: ClockTime;
  readonly message: string;
}

/**
 * The deployment that ECS works towards. Only an INACTIVE service has none, and one under EXTERNAL.
 */
export function primaryOf(service: Service): Deployment {
  const primary = service.deployments[0];
  assertConsistent(primary?.status === 'PRIMARY', `${service.arn} has no PRIMARY deployment`);
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
