import {
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceRevision,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { isUnknownRevision } from '../ecs/registration';
import { newestFirst, revisionsDescribed, revisionsOf, targetOf } from '../ecs/service-deployments';

/** A revision of a service, with all that ECS tells of it. */
export interface ComparableRevision {
  readonly taskDefinition: TaskDefinition;
  /** What belongs to it beside the task definition; null where ECS does not know it any more. */
  readonly serviceRevision: ServiceRevision | null;
}

interface NamedRevision {
  /** An ARN; a family alone is its newest ACTIVE revision. */
  readonly taskDefinition: string;
  /** Where it is known; else the newest of the last hundred deployments that ran it is taken. */
  readonly serviceRevision: string | null;
}

/** Null where there is no such task definition. Throws what the SDK throws. */
export async function comparableRevision(
  client: ECSClient,
  service: ServiceArn,
  { taskDefinition: name, serviceRevision }: NamedRevision,
): Promise<ComparableRevision | null> {
  const taskDefinition = await describedTaskDefinition(client, name);
  if (taskDefinition === null) return null;
  const [named] = await revisionsOf(client, [serviceRevision ?? undefined]);
  const found = named ?? (await newestThatRan(client, service, taskDefinition.taskDefinitionArn));
  return { taskDefinition, serviceRevision: found ?? null };
}

/** Null where there is none of that name. Throws what else the SDK throws. */
async function describedTaskDefinition(client: ECSClient, name: string): Promise<TaskDefinition | null> {
  try {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: name });
    return (await client.send(command)).taskDefinition ?? null;
  } catch (error) {
    if (isUnknownRevision(error)) return null;
    throw error;
  }
}

const deploymentsListed = 100;

async function newestThatRan(
  client: ECSClient,
  service: ServiceArn,
  taskDefinition: string | undefined,
): Promise<ServiceRevision | undefined> {
  const { cluster, name } = partsOfService(service);
  const command = new ListServiceDeploymentsCommand({
    cluster,
    service: name,
    maxResults: deploymentsListed,
  });
  const targets = newestFirst((await client.send(command)).serviceDeployments).map(targetOf);
  for (let start = 0; start < targets.length; start += revisionsDescribed) {
    const revisions = await revisionsOf(client, targets.slice(start, start + revisionsDescribed));
    const found = revisions.find((revision) => revision.taskDefinition === taskDefinition);
    if (found !== undefined) return found;
  }
  return undefined;
}
