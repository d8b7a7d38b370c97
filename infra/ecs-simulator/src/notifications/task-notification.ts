import type { Task, TaskContainer } from '../model/task';
import type { World } from '../model/world';
import { notify, trimmedTime } from './notify';

/**
 * Sends "ECS Task State Change" with the task as it is. The form is that of real Fargate
 * notifications: no healthStatus, no service ARN, and only what has come about so far.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function notifyTask(world: World, task: Task): void {
  notify(world, { detailType: 'ECS Task State Change', resources: [task.arn], detail: detailOf(task) });
}

function detailOf(task: Task): Record<string, unknown> {
  const { request } = task.taskDefinition;
  return withoutUndefined({
    attachments: [attachmentOf(task)],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: task.availabilityZone,
    clusterArn: task.cluster.arn,
    containerInstanceArn: task.containerInstance?.arn,
    connectivity: task.connectivityAt === null ? undefined : task.connectivity,
    connectivityAt: trimmedTime(task.connectivityAt),
    containers: task.containers.map((container) => containerOf(task, container)),
    cpu: String(request.cpu ?? '256'),
    createdAt: trimmedTime(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.isExecEnabled,
    ephemeralStorage: { sizeInGiB: 20 },
    executionStoppedAt: trimmedTime(task.executionStoppedAt),
    group: task.group,
    launchType: task.launchType,
    lastStatus: task.lastStatus,
    memory: String(request.memory ?? '512'),
    overrides: { containerOverrides: task.containers.map(({ definition }) => ({ name: definition.name })) },
    platformVersion: '1.4.0',
    pullStartedAt: trimmedTime(task.pullStartedAt),
    pullStoppedAt: trimmedTime(task.pullStoppedAt),
    startedAt: trimmedTime(task.startedAt),
    startedBy: task.startedBy,
    stoppingAt: trimmedTime(task.stoppingAt),
    stoppedAt: trimmedTime(task.stoppedAt),
    stoppedReason: task.stop?.stoppedReason,
    stopCode: task.stop?.stopCode,
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinition.arn,
    updatedAt: trimmedTime(task.updatedAt),
    version: task.version,
  });
}

function containerOf(task: Task, container: TaskContainer): Record<string, unknown> {
  const wasPulled = task.startedAt !== null;
  return withoutUndefined({
    containerArn: container.arn,
    exitCode: container.exitCode ?? undefined,
    reason: container.reason ?? undefined,
    lastStatus: container.lastStatus,
    name: container.definition.name,
    image: container.definition.image,
    imageDigest: wasPulled ? container.imageDigest : undefined,
    runtimeId: wasPulled ? container.runtimeId : undefined,
    taskArn: task.arn,
    networkInterfaces:
      task.networkInterface.status === 'PRECREATED'
        ? []
        : [
            {
              attachmentId: task.networkInterface.attachmentId,
              privateIpv4Address: task.networkInterface.address,
            },
          ],
    cpu: String(container.definition.cpu),
    memory: container.definition.memory === null ? undefined : String(container.definition.memory),
  });
}

/**
 * The `eni` attachment: its details are known once it is attached. DescribeTasks shows the same.
 */
export function attachmentOf(task: Task): Record<string, unknown> {
  const { attachmentId, networkInterfaceId, macAddress, address, status } = task.networkInterface;
  const subnet = { name: 'subnetId', value: task.subnet };
  const details = [
    subnet,
    { name: 'networkInterfaceId', value: networkInterfaceId },
    { name: 'macAddress', value: macAddress },
    { name: 'privateDnsName', value: `ip-${address.replaceAll('.', '-')}.ec2.internal` },
    { name: 'privateIPv4Address', value: address },
  ];
  return { id: attachmentId, type: 'eni', status, details: status === 'PRECREATED' ? [subnet] : details };
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name of Object.keys(fields)) if (fields[name] === undefined) delete fields[name];
  return fields;
}
