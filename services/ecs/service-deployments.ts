import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';
import {
  instantFrom,
  parseTaskDefinitionArn,
  partsOfService,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../state-machines/identifiers';
import type { ObservedServiceDeployment } from '../../state-machines/observed-service';

export interface ServiceDeployments {
  readonly inProgress: ObservedServiceDeployment | null;
  readonly lastSuccessful: TaskDefinitionArn | null;
}

/** Statuses of a service deployment that ECS still works on; unknown ones are taken as ended. */
const unfinished: ReadonlySet<string> = new Set([
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]);
/** ECS keeps 90 days; the newest twenty tell what it works on and what it completed last. */
const looked = 20;

/** What ECS works on, and what it would go back to by itself: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html */
export async function describeServiceDeployments(
  client: ECSClient,
  arn: ServiceArn,
): Promise<ServiceDeployments> {
  const { cluster, name } = partsOfService(arn);
  const command = new ListServiceDeploymentsCommand({ cluster, service: name, maxResults: looked });
  const { serviceDeployments = [] } = await client.send(command);
  const newestFirst = [...serviceDeployments].sort((a, b) => startOf(b) - startOf(a));
  const current = newestFirst.find(({ status }) => status !== undefined && unfinished.has(status));
  const successful = newestFirst.find(({ status }) => status === 'SUCCESSFUL');
  const [inProgress, lastSuccessful] = await Promise.all([
    current?.serviceDeploymentArn === undefined ? null : progressOf(client, current.serviceDeploymentArn),
    successful?.targetServiceRevisionArn === undefined
      ? null
      : taskDefinitionOf(client, successful.targetServiceRevisionArn),
  ]);
  return { inProgress, lastSuccessful };
}

function startOf({ createdAt, startedAt }: ServiceDeploymentBrief): number {
  return (startedAt ?? createdAt)?.getTime() ?? 0;
}

async function progressOf(client: ECSClient, arn: string): Promise<ObservedServiceDeployment> {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  const { serviceDeployments } = await client.send(command);
  const deployment = serviceDeployments?.[0];
  const isGoingBack = deployment?.status?.startsWith('ROLLBACK') === true;
  const begunAt = deployment?.rollback?.startedAt ?? deployment?.updatedAt;
  return { arn, rollbackStartedAt: isGoingBack ? instantFrom(begunAt?.getTime() ?? 0) : null };
}

async function taskDefinitionOf(client: ECSClient, revision: string): Promise<TaskDefinitionArn | null> {
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] });
  const { serviceRevisions } = await client.send(command);
  const taskDefinition = serviceRevisions?.[0]?.taskDefinition;
  return taskDefinition === undefined ? null : parseTaskDefinitionArn(taskDefinition);
}
