import { type Behaviour, healthy, type LabelledBehaviour } from '../configuration/behaviours';
import { ecsArn } from '../foundation/arn';
import type { Cancel, ClockTime } from '../foundation/clock';
import type { Cluster } from './cluster';
import { type ContainerInstance, placeTask } from './container-instance';
import { type Deployment, targetGroupsOf } from './deployment';
import type { Service } from './service';
import type { ContainerDefinition, TaskDefinition } from './task-definition';
import type { World } from './world';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export interface Task {
  readonly arn: string;
  readonly id: string;
  readonly cluster: Cluster;
  /** The service and its deployment that want it; null for one that somebody ran. */
  readonly owner: TaskOwner | null;
  /** `service:<name>`, `family:<name>`, or what RunTask gave. */
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly launchType: string;
  readonly subnet: string;
  readonly isExecEnabled: boolean;
  /** Where its service registers it as a target; none without a load balancer. */
  readonly targetGroups: readonly TaskTargetGroup[];
  readonly healthCheckGraceSeconds: number;
  readonly taskDefinition: TaskDefinition;
  readonly containers: readonly TaskContainer[];
  readonly networkInterface: NetworkInterface;
  readonly availabilityZone: string;
  /** The host that it was placed on; null on Fargate, and where the cluster has none. */
  readonly containerInstance: ContainerInstance | null;
  readonly createdAt: ClockTime;
  /** ECS's own count of the changes it told of; a gap in it is a change that it did not tell. */
  version: number;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** For minimumHealthyPercent and the circuit breaker. */
  isHealthy: boolean;
  healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  updatedAt: ClockTime;
  connectivity: 'CONNECTED' | 'DISCONNECTED';
  connectivityAt: ClockTime | null;
  pullStartedAt: ClockTime | null;
  pullStoppedAt: ClockTime | null;
  startedAt: ClockTime | null;
  executionStoppedAt: ClockTime | null;
  stoppingAt: ClockTime | null;
  stoppedAt: ClockTime | null;
  stop: TaskStop | null;
  /** What is still scheduled for it: dropped when it begins to stop. */
  readonly scheduled: Cancel[];
}

interface TaskOwner {
  readonly service: Service;
  readonly deployment: Deployment;
}
interface TaskTargetGroup {
  readonly arn: string;
  readonly port: number;
}
export interface TaskStop {
  readonly stopCode: string;
  readonly stoppedReason: string;
}
export interface TaskContainer {
  readonly definition: ContainerDefinition;
  /** `sha256:…` of the image that it runs. */
  readonly imageDigest: string;
  /** Drawn for this very task, where its labels leave it to chance, or chosen as it starts. */
  behaviour: Behaviour;
  readonly arn: string;
  readonly runtimeId: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  exitCode: number | null;
  reason: string | null;
}
interface NetworkInterface {
  readonly attachmentId: string;
  readonly networkInterfaceId: string;
  readonly macAddress: string;
  readonly address: string;
  status: 'PRECREATED' | 'ATTACHED' | 'DELETED';
}

/** What a task is made of: a service's deployment, or what RunTask was asked for. */
export type TaskOrigin = Pick<
  Task,
  | 'cluster'
  | 'owner'
  | 'group'
  | 'startedBy'
  | 'launchType'
  | 'subnet'
  | 'isExecEnabled'
  | 'targetGroups'
  | 'healthCheckGraceSeconds'
  | 'taskDefinition'
>;

/** A new task, PROVISIONING and of version 1, in the lists of its deployment and its cluster. */
export function createTask(world: World, origin: TaskOrigin): Task {
  const id = world.random.hex(32);
  const resource = `${origin.cluster.name}/${id}`;
  const now = world.clock.now();
  const task: Task = {
    ...origin,
    arn: ecsArn(world, `task/${resource}`),
    id,
    containers: origin.taskDefinition.containers.map((definition) => ({
      ...imageOf(world, definition, origin.owner),
      arn: ecsArn(world, `container/${resource}/${world.random.uuid()}`),
      runtimeId: `${id}-${world.random.digits(10)}`,
      lastStatus: 'PENDING',
      exitCode: null,
      reason: null,
    })),
    networkInterface: createNetworkInterface(world),
    ...placeTask(world, origin),
    createdAt: now,
    updatedAt: now,
    ...unstarted,
    scheduled: [],
  };
  origin.owner?.deployment.tasks.add(task);
  origin.cluster.tasks.set(id, task);
  return task;
}

/** The image that a container runs: its service revision's, or what its tag points to now. */
function imageOf(world: World, definition: ContainerDefinition, owner: TaskOwner | null) {
  const resolved = owner?.deployment.revision.imageDigests.get(definition.name);
  const imageDigest = resolved ?? world.images.digestOf(definition.image);
  const labelled = world.images.behaviourOf(imageDigest, definition.labelled);
  return { definition, imageDigest, behaviour: draw(world, labelled) };
}

function draw(world: World, { behaviour, probability }: LabelledBehaviour): Behaviour {
  return probability >= 1 || world.random.next() < probability ? behaviour : healthy;
}

/**
 * A task as a deployment of a service wants it, with what its service revision says of network and
 * load balancers.
 */
export function originInService(service: Service, deployment: Deployment): TaskOrigin {
  const { networkConfiguration } = deployment.revision.parameters as ServiceParameters;
  const { healthCheckGracePeriodSeconds = 0, enableExecuteCommand } = service.otherParameters as {
    healthCheckGracePeriodSeconds?: number;
    enableExecuteCommand?: boolean;
  };
  return {
    cluster: service.cluster,
    owner: { service, deployment },
    group: `service:${service.name}`,
    startedBy: deployment.id,
    launchType: service.launchType,
    subnet: subnetIn(networkConfiguration),
    isExecEnabled: enableExecuteCommand === true,
    targetGroups: targetGroupsOf(deployment.revision).map(({ arn, port }) => ({ arn, port })),
    healthCheckGraceSeconds: healthCheckGracePeriodSeconds,
    taskDefinition: deployment.revision.taskDefinition,
  };
}

interface ServiceParameters {
  readonly networkConfiguration?: NetworkConfiguration;
}
export interface NetworkConfiguration {
  readonly awsvpcConfiguration?: { readonly subnets?: readonly string[] };
}

/** The first of the subnets that were given. */
export function subnetIn(network: NetworkConfiguration | undefined): string {
  return network?.awsvpcConfiguration?.subnets?.[0] ?? 'subnet-00000000000000000';
}

const unstarted = {
  version: 1,
  lastStatus: 'PROVISIONING',
  desiredStatus: 'RUNNING',
  isHealthy: false,
  healthStatus: 'UNKNOWN',
  connectivity: 'CONNECTED',
  connectivityAt: null,
  pullStartedAt: null,
  pullStoppedAt: null,
  startedAt: null,
  executionStoppedAt: null,
  stoppingAt: null,
  stoppedAt: null,
  stop: null,
} as const;

function createNetworkInterface(world: World): NetworkInterface {
  const hex = world.random.hex(27);
  return {
    attachmentId: world.random.uuid(),
    networkInterfaceId: `eni-0${hex.slice(0, 16)}`,
    macAddress: ['02', ...(hex.slice(17, 27).match(/../g) ?? [])].join(':'),
    address: `10.0.${world.random.integer(0, 255)}.${world.random.integer(4, 254)}`,
    status: 'PRECREATED',
  };
}

/** Whether ECS still wants it: one that is on its way out counts for no percentage any more. */
export function isWanted(task: Task): boolean {
  return task.desiredStatus === 'RUNNING';
}
