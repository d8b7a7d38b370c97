import { z } from 'zod';
import { findEach, read, write } from '../api/operation';
import { cutPage, pagingFields } from '../api/paging';
import { ecsArn, lastPartOf } from '../foundation/arn';
import { EcsError } from '../foundation/ecs-error';
import { type Cluster, requireCluster, requireService, type TokenRun } from '../model/cluster';
import {
  type NetworkConfiguration,
  subnetIn,
  type Task,
  type TaskContainer,
  type TaskOrigin,
} from '../model/task';
import { findTaskDefinition, type TaskDefinition } from '../model/task-definition';
import { epochSeconds, type World } from '../model/world';
import { attachmentOf } from '../notifications/task-notification';
import { serviceMessages } from '../scheduler/service-messages';

const runTaskSchema = z.looseObject({
  cluster: z.string().optional(),
  taskDefinition: z.string(),
  count: z.number().int().min(1).max(10).default(1),
  group: z.string().optional(),
  clientToken: z.string().max(64).optional(),
  startedBy: z.string().max(128).optional(),
  launchType: z.string().optional(),
  enableExecuteCommand: z.boolean().optional(),
  networkConfiguration: z.looseObject({}).optional(),
});

export const taskOperations = {
  ListTasks: read(
    z.looseObject({
      cluster: z.string().optional(),
      serviceName: z.string().optional(),
      family: z.string().optional(),
      startedBy: z.string().optional(),
      launchType: z.string().optional(),
      desiredStatus: z.enum(['RUNNING', 'PENDING', 'STOPPED']).default('RUNNING'),
      ...pagingFields,
    }),
    ({ world, input }) => {
      const cluster = requireCluster(world, input.cluster);
      const service = input.serviceName === undefined ? null : requireService(cluster, input.serviceName);
      const arns = [...cluster.tasks.values()]
        .filter((task) => task.desiredStatus === input.desiredStatus)
        .filter((task) => service === null || task.owner?.service === service)
        .filter((task) => input.family === undefined || task.taskDefinition.family === input.family)
        .filter((task) => input.startedBy === undefined || task.startedBy === input.startedBy)
        .filter((task) => input.launchType === undefined || task.launchType === input.launchType)
        .map(({ arn }) => arn);
      const { items, nextToken } = cutPage(arns, input, 100);
      return { taskArns: items, nextToken };
    },
  ),

  DescribeTasks: read(
    z.looseObject({ cluster: z.string().optional(), tasks: z.array(z.string()).min(1).max(100) }),
    ({ world, input }) => {
      const cluster = requireCluster(world, input.cluster);
      const { found, failures } = findEach(input.tasks, {
        find: (reference) => cluster.tasks.get(lastPartOf(reference)) ?? null,
        arnOfMissing: (id) => ecsArn(world, `task/${cluster.name}/${id}`),
      });
      return { tasks: found.map(taskView), failures };
    },
  ),

  RunTask: write(runTaskSchema, ({ world, scheduler, input }) => {
    const cluster = requireCluster(world, input.cluster);
    const taskDefinition = requireRunnable(world, input.taskDefinition);
    const known = runOf(cluster, input);
    if (known !== null) {
      const output = { tasks: known.tasks.map(taskView), failures: [] };
      return { output, resource: taskDefinition.arn, hadEffect: false };
    }
    if (!cluster.hasCapacity) {
      const reason = `${serviceMessages.noCapacity}.`;
      return {
        output: { tasks: [], failures: [{ reason }] },
        resource: taskDefinition.arn,
        hadEffect: false,
      };
    }
    const origin: TaskOrigin = {
      cluster,
      owner: null,
      group: input.group ?? `family:${taskDefinition.family}`,
      startedBy: input.startedBy,
      launchType: input.launchType ?? 'FARGATE',
      subnet: subnetIn(input.networkConfiguration as NetworkConfiguration | undefined),
      isExecEnabled: input.enableExecuteCommand === true,
      targetGroups: [],
      healthCheckGraceSeconds: 0,
      taskDefinition,
    };
    const tasks = Array.from({ length: input.count }, () => scheduler.runTask(origin));
    if (input.clientToken !== undefined) {
      cluster.runsByToken.set(input.clientToken, { request: JSON.stringify(input), tasks });
    }
    return { output: { tasks: tasks.map(taskView), failures: [] }, resource: taskDefinition.arn };
  }),

  StopTask: write(
    z.looseObject({
      cluster: z.string().optional(),
      task: z.string(),
      reason: z.string().max(1024).optional(),
    }),
    ({ world, scheduler, input }) => {
      const task = requireCluster(world, input.cluster).tasks.get(lastPartOf(input.task));
      if (task === undefined) {
        throw new EcsError('InvalidParameterException', 'The referenced task was not found.');
      }
      const hadEffect = task.desiredStatus === 'RUNNING';
      scheduler.stopTask(task, {
        stopCode: 'UserInitiated',
        stoppedReason: input.reason ?? 'Task stopped by user',
      });
      return { output: { task: taskView(task) }, resource: task.arn, hadEffect };
    },
  ),
};

/**
 * What a client token has started in the cluster; null where nothing.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
function runOf(cluster: Cluster, input: z.output<typeof runTaskSchema>): TokenRun | null {
  const known = input.clientToken === undefined ? undefined : cluster.runsByToken.get(input.clientToken);
  if (known === undefined) return null;
  if (known.request === JSON.stringify(input)) return known;
  throw new EcsError('ConflictException', 'The client token is in use with another RunTask request.');
}

/** Not the error that UpdateService gives for the same: seen in AWS. */
function requireRunnable(world: World, reference: string): TaskDefinition {
  const taskDefinition = findTaskDefinition(world, reference);
  if (taskDefinition === null) throw new EcsError('ClientException', 'TaskDefinition not found.');
  if (taskDefinition.status === 'ACTIVE') return taskDefinition;
  throw new EcsError('InvalidParameterException', 'TaskDefinition is inactive');
}

function taskView(task: Task) {
  const { request } = task.taskDefinition;
  return {
    attachments: [attachmentOf(task)],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: task.availabilityZone,
    clusterArn: task.cluster.arn,
    connectivity: task.connectivityAt === null ? undefined : task.connectivity,
    containerInstanceArn: task.containerInstance?.arn,
    connectivityAt: epochSeconds(task.connectivityAt),
    containers: task.containers.map((container) => containerView(task, container)),
    cpu: String(request.cpu ?? '256'),
    createdAt: epochSeconds(task.createdAt),
    desiredStatus: task.desiredStatus,
    executionStoppedAt: epochSeconds(task.executionStoppedAt),
    group: task.group,
    healthStatus: task.healthStatus,
    lastStatus: task.lastStatus,
    launchType: task.launchType,
    memory: String(request.memory ?? '512'),
    overrides: {
      containerOverrides: task.containers.map(({ definition }) => ({ name: definition.name })),
      inferenceAcceleratorOverrides: [],
    },
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    pullStartedAt: epochSeconds(task.pullStartedAt),
    pullStoppedAt: epochSeconds(task.pullStoppedAt),
    startedAt: epochSeconds(task.startedAt),
    startedBy: task.startedBy,
    stopCode: task.stop?.stopCode,
    stoppedAt: epochSeconds(task.stoppedAt),
    stoppedReason: task.stop?.stoppedReason,
    stoppingAt: epochSeconds(task.stoppingAt),
    tags: [],
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinition.arn,
    version: task.version,
  };
}

function containerView(task: Task, container: TaskContainer) {
  const wasPulled = task.startedAt !== null;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.definition.name,
    image: container.definition.image,
    imageDigest: wasPulled ? container.imageDigest : undefined,
    runtimeId: wasPulled ? container.runtimeId : undefined,
    lastStatus: container.lastStatus,
    exitCode: container.exitCode ?? undefined,
    reason: container.reason ?? undefined,
    healthStatus: task.healthStatus,
    cpu: String(container.definition.cpu),
    memory: container.definition.memory === null ? undefined : String(container.definition.memory),
    networkInterfaces: [
      { attachmentId: task.networkInterface.attachmentId, privateIpv4Address: task.networkInterface.address },
    ],
  };
}
