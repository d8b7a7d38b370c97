import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import { parseTaskDefinitionArn, partsOfService, type ServiceArn } from '../../state-machines/identifiers';
import type { ObservedRollback, ObservedService } from '../../state-machines/observed-service';

export type ServiceDeployments = Pick<
  ObservedService,
  'inProgress' | 'rollback' | 'lastSuccessful' | 'earlierSuccessful'
>;

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
/** As many as one DescribeServiceRevisions takes. */
export const revisionsDescribed = 20;

/** What ECS works on, and what it would go back to by itself: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html */
export async function describeServiceDeployments(
  client: ECSClient,
  arn: ServiceArn,
): Promise<ServiceDeployments> {
  const { cluster, name } = partsOfService(arn);
  const command = new ListServiceDeploymentsCommand({ cluster, service: name, maxResults: looked });
  const deployments = newestFirst((await client.send(command)).serviceDeployments);
  const [newest] = deployments;
  const [rollback, revisions] = await Promise.all([
    newest?.serviceDeploymentArn === undefined ? null : rollbackIn(client, newest.serviceDeploymentArn),
    revisionsOf(client, deployments.filter(isSuccessful)),
  ]);
  const [lastSuccessful = null, ...earlierSuccessful] = new Set(revisions.flatMap(taskDefinitionOf));
  return { inProgress: inProgress(deployments), rollback, lastSuccessful, earlierSuccessful };
}

/** ECS promises no order. */
export function newestFirst(deployments: readonly ServiceDeploymentBrief[] = []): ServiceDeploymentBrief[] {
  const startOf = ({ createdAt, startedAt }: ServiceDeploymentBrief) =>
    (startedAt ?? createdAt)?.getTime() ?? 0;
  return [...deployments].sort((a, b) => startOf(b) - startOf(a));
}

export function isSuccessful({ status }: ServiceDeploymentBrief): boolean {
  return status === 'SUCCESSFUL';
}

function inProgress(deployments: readonly ServiceDeploymentBrief[]): ObservedService['inProgress'] {
  const current = deployments.find(({ status }) => status !== undefined && unfinished.has(status));
  return current?.serviceDeploymentArn === undefined ? null : { arn: current.serviceDeploymentArn };
}

/** The way back inside a service deployment; null when there is none. */
export async function rollbackIn(client: ECSClient, arn: string): Promise<ObservedRollback | null> {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  const { serviceDeployments } = await client.send(command);
  const deployment = serviceDeployments?.[0];
  if (deployment === undefined || !isGoingBack(deployment)) return null;
  const monitors = [deployment.deploymentCircuitBreaker?.status, deployment.alarms?.status];
  return { isByEcs: monitors.includes('TRIGGERED') || !isOnRequest(deployment) };
}

/** ECS goes back for hooks too, which have no monitor. While a request is only noted, there is no reason yet. */
function isOnRequest({ rollback, statusReason }: ServiceDeployment): boolean {
  const reason = rollback?.reason ?? statusReason;
  return reason === undefined || /\bstop/i.test(reason);
}

/** One that found nothing to go back to ends as ROLLBACK_FAILED without a rollback: the service stays where it is. */
function isGoingBack({ status, rollback }: ServiceDeployment): boolean {
  if (status === 'ROLLBACK_FAILED') return rollback !== undefined;
  return status?.startsWith('ROLLBACK') === true;
}

/** The target revisions of at most twenty service deployments, in their order. */
export async function revisionsOf(
  client: ECSClient,
  deployments: readonly ServiceDeploymentBrief[],
): Promise<ServiceRevision[]> {
  const arns = deployments.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []);
  if (arns.length === 0) return [];
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...new Set(arns)] });
  const { serviceRevisions = [] } = await client.send(command);
  return arns.flatMap(
    (arn) => serviceRevisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn) ?? [],
  );
}

function taskDefinitionOf({ taskDefinition }: ServiceRevision) {
  return taskDefinition === undefined ? [] : [parseTaskDefinitionArn(taskDefinition)];
}
