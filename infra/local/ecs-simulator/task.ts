import type { Instant } from '../../../state-machines/identifiers';
import type { Cancel } from '../clock';
import type { Deployment } from './deployment';
import type { Service } from './service';
import type { ContainerDefinition, TaskDefinition } from './task-definition';
import { arnOf, type World } from './world';

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
  readonly service: Service;
  readonly deployment: Deployment;
  readonly taskDefinition: TaskDefinition;
  readonly containers: readonly TaskContainer[];
  readonly networkInterface: NetworkInterface;
  readonly availabilityZone: string;
  readonly createdAt: Instant;
  /** ECS's own count of the changes it told of; a gap in it is a change that it did not tell. */
  version: number;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** For minimumHealthyPercent and the circuit breaker. */
  isHealthy: boolean;
  healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  updatedAt: Instant;
  connectivityAt: Instant | null;
  pullStartedAt: Instant | null;
  pullStoppedAt: Instant | null;
  startedAt: Instant | null;
  executionStoppedAt: Instant | null;
  stoppingAt: Instant | null;
  stoppedAt: Instant | null;
  stop: TaskStop | null;
  /** What is still scheduled for it: dropped when it begins to stop. */
  readonly scheduled: Cancel[];
}

export interface TaskStop {
  readonly stopCode: string;
  readonly stoppedReason: string;
}
export interface TaskContainer {
  readonly definition: ContainerDefinition;
  readonly arn: string;
  readonly runtimeId: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  exitCode: number | null;
  reason: string | null;
}
export interface NetworkInterface {
  readonly attachmentId: string;
  readonly networkInterfaceId: string;
  readonly macAddress: string;
  readonly address: string;
  status: 'PRECREATED' | 'ATTACHED' | 'DELETED';
}

/** A new task of the deployment, PROVISIONING and of version 1, in the lists of its deployment and its cluster. */
export function createTask(world: World, service: Service, deployment: Deployment): Task {
  const id = world.random.hex(32);
  const resource = `${service.cluster.name}/${id}`;
  const taskDefinition = deployment.revision.taskDefinition;
  const now = world.clock.now();
  const task: Task = {
    arn: arnOf(world, `task/${resource}`),
    id,
    service,
    deployment,
    taskDefinition,
    containers: taskDefinition.containers.map((definition) => ({
      definition,
      arn: arnOf(world, `container/${resource}/${world.random.uuid()}`),
      runtimeId: `${id}-${world.random.digits(10)}`,
      lastStatus: 'PENDING',
      exitCode: null,
      reason: null,
    })),
    networkInterface: createNetworkInterface(world),
    availabilityZone: `${world.region}${'abc'.charAt(world.random.integer(0, 2))}`,
    createdAt: now,
    updatedAt: now,
    ...unstarted,
    scheduled: [],
  };
  deployment.tasks.add(task);
  service.cluster.tasks.set(id, task);
  return task;
}

const unstarted = {
  version: 1,
  lastStatus: 'PROVISIONING',
  desiredStatus: 'RUNNING',
  isHealthy: false,
  healthStatus: 'UNKNOWN',
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
