import { DescribeTasksCommand, type ECSClient, paginateListTasks, type Task } from '@aws-sdk/client-ecs';
import type { MeasuredVersion } from '../../../../state-machines/analysis/counting/metric-query';
import { partsOfService, type ServiceArn } from '../../../../state-machines/log/identifiers';

/** The ids of the tasks of each version of a service, and of those that stopped of late. */
export type VersionTasks = (
  service: ServiceArn,
  versions: readonly MeasuredVersion[],
) => Promise<ReadonlyMap<MeasuredVersion, ReadonlySet<string>>>;

/**
 * By what ECS says of tasks: which deployment started them, else which task definition they run.
 * Throws as the SDK.
 */
export function awsVersionTasks(client: ECSClient): VersionTasks {
  return async (service, versions) => {
    const tasks = new Map(versions.map((version) => [version, new Set<string>()]));
    for (const { taskArn = '', startedBy, taskDefinitionArn = '' } of await tasksOfService(client, service)) {
      const version =
        versions.find(({ deployment }) => deployment !== null && deployment === startedBy) ??
        versions.find(({ taskDefinition }) => taskDefinitionArn.endsWith(`/${taskDefinition}`));
      if (version !== undefined) tasks.get(version)?.add(taskArn.split('/').at(-1) ?? '');
    }
    return tasks;
  };
}

async function tasksOfService(client: ECSClient, service: ServiceArn) {
  const { cluster, name: serviceName } = partsOfService(service);
  const found: Task[] = [];
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    for await (const { taskArns = [] } of paginateListTasks(
      { client },
      { cluster, serviceName, desiredStatus },
    )) {
      if (taskArns.length === 0) continue;
      const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      found.push(...tasks);
    }
  }
  return found;
}
