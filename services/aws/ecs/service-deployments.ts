import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import {
  parseTaskDefinitionArn,
  partsOfService,
  type ServiceArn,
} from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type {
  ObservedDeployment,
  ObservedRollback,
  ObservedService,
} from '../../../state-machines/log/observed-service';
import { observedRevision, type RevisionQuestion } from './observed-revisions';
import { observedStage } from './observed-stage';

type ServiceDeployments = Pick<
  ObservedService,
  'inProgress' | 'serviceDeployments' | 'lastSuccessful' | 'earlierSuccessful' | 'candidate' | 'revisions'
>;

interface AskedService {
  readonly arn: ServiceArn;
  /** As DescribeServices shows them. */
  readonly deployments: readonly ObservedDeployment[];
}

/**
 * CODE_DEPLOY and EXTERNAL work with task sets: only the controller ECS has service deployments.
 */
export function controllerOf({ deploymentController }: Service): string {
  return deploymentController?.type ?? 'ECS';
}

export const noServiceDeployments: ServiceDeployments = {
  inProgress: null,
  serviceDeployments: [],
  lastSuccessful: null,
  earlierSuccessful: [],
};

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

/**
 * What ECS works on, and what it would go back to by itself:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export async function describeServiceDeployments(
  client: ECSClient,
  { arn, deployments: shown }: AskedService,
  question: RevisionQuestion,
): Promise<ServiceDeployments> {
  const { cluster, name } = partsOfService(arn);
  const command = new ListServiceDeploymentsCommand({ cluster, service: name, maxResults: looked });
  const briefs = newestFirst((await client.send(command)).serviceDeployments);
  const deployments = await inFull(client, briefs);
  const candidate = completedBefore(deployments);
  const newest = briefs.slice(0, 1).map(targetOf);
  const successful = briefs.filter(isSuccessful).map(targetOf);
  const asked = question.revisions ?? [];
  const revisions = await revisionsOf(client, [candidate, ...newest, ...asked, ...successful]);
  const [lastSuccessful = null] = revisions.filter(isOneOf([candidate])).flatMap(taskDefinitionOf);
  const earlier = new Set(revisions.filter(isOneOf(successful)).flatMap(taskDefinitionOf));
  const isToldOf = isOneOf([candidate, ...newest, ...asked]);
  const told = revisions.filter(
    (one) => isToldOf(one) || taskDefinitionOf(one).some((arn) => question.candidates.includes(arn)),
  );
  const surroundings = { deployments: shown, broughtAt: timesOf(briefs) };
  return {
    inProgress: inProgress(briefs, deployments),
    serviceDeployments: deployments.map((one) => observedServiceDeployment(one, told)),
    lastSuccessful,
    earlierSuccessful: [...earlier].filter((taskDefinition) => taskDefinition !== lastSuccessful),
    ...(candidate === undefined ? {} : { candidate }),
    revisions: told.flatMap((one) => observedRevision(one, revisions, surroundings) ?? []),
  };
}

function isOneOf(arns: readonly (string | undefined)[]) {
  return ({ serviceRevisionArn }: ServiceRevision) =>
    serviceRevisionArn !== undefined && arns.includes(serviceRevisionArn);
}

/** When what brought each service revision was created. */
function timesOf(briefs: readonly ServiceDeploymentBrief[]): ReadonlyMap<string, Instant> {
  const times = briefs.flatMap(({ targetServiceRevisionArn, createdAt }) =>
    targetServiceRevisionArn === undefined || createdAt === undefined
      ? []
      : [[targetServiceRevisionArn, instantFrom(createdAt.getTime())] as const],
  );
  return new Map(times);
}

/** It names the service revisions that are told of, and no others: each costs the log its room. */
function observedServiceDeployment(deployment: ServiceDeployment, told: readonly ServiceRevision[]) {
  const named = (arn: string | undefined) => {
    const revision = told.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
    return revision?.serviceRevisionArn === undefined ? {} : { serviceRevision: revision.serviceRevisionArn };
  };
  const rollback = rollbackOf(deployment);
  return {
    createdAt: instantFrom(deployment.createdAt?.getTime() ?? 0),
    rollback: rollback && { ...rollback, ...named(deployment.rollback?.serviceRevisionArn) },
    ...named(deployment.targetServiceRevision?.arn),
  };
}

/**
 * The service revision of the deployment that is COMPLETED now: ECS goes back to no other. One that
 * a rollback had begun to go back to is none until that has succeeded, and a deployment in between
 * can end that before:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
function completedBefore(deployments: readonly ServiceDeployment[]): string | undefined {
  const older = deployments.filter(({ status }) => status === undefined || !unfinished.has(status));
  const last = older.find(({ status, rollback }) => status === 'SUCCESSFUL' || rollback !== undefined);
  if (last?.status === 'SUCCESSFUL') return last.targetServiceRevision?.arn;
  return last?.status === 'ROLLBACK_SUCCESSFUL' ? last.rollback?.serviceRevisionArn : undefined;
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

function inProgress(
  briefs: readonly ServiceDeploymentBrief[],
  deployments: readonly ServiceDeployment[],
): ObservedService['inProgress'] {
  const current = briefs.find(({ status }) => status !== undefined && unfinished.has(status));
  const arn = current?.serviceDeploymentArn;
  if (arn === undefined) return null;
  const isOlder = current !== briefs[0];
  const stage = observedStage(deployments.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn));
  return { arn, ...(isOlder ? { isOlder } : {}), ...(stage === null ? {} : { stage }) };
}

/** The way back inside a service deployment; null when there is none. */
export async function rollbackIn(client: ECSClient, arn: string): Promise<ObservedRollback | null> {
  const [deployment] = await inFull(client, [{ serviceDeploymentArn: arn }]);
  return deployment === undefined ? null : rollbackOf(deployment);
}

/** As DescribeServiceDeployments shows them, in their order: what a list leaves out. */
async function inFull(
  client: ECSClient,
  briefs: readonly ServiceDeploymentBrief[],
): Promise<ServiceDeployment[]> {
  const serviceDeploymentArns = briefs.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
  if (serviceDeploymentArns.length === 0) return [];
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
  const { serviceDeployments = [] } = await client.send(command);
  return serviceDeploymentArns.flatMap(
    (arn) => serviceDeployments.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn) ?? [],
  );
}

function rollbackOf(deployment: ServiceDeployment): ObservedRollback | null {
  if (!isGoingBack(deployment)) return null;
  const monitors = [deployment.deploymentCircuitBreaker?.status, deployment.alarms?.status];
  return { isByEcs: monitors.includes('TRIGGERED') || !isOnRequest(deployment) };
}

/**
 * ECS goes back for hooks too, which have no monitor. While a request is only noted, there is no
 * reason yet.
 */
function isOnRequest({ rollback, statusReason }: ServiceDeployment): boolean {
  const reason = rollback?.reason ?? statusReason;
  return reason === undefined || /\bstop/i.test(reason);
}

/**
 * What is superseded on its way back keeps its rollback; what found nothing to go back to ends as
 * ROLLBACK_FAILED without one.
 */
function isGoingBack({ status, rollback }: ServiceDeployment): boolean {
  if (rollback !== undefined) return true;
  return status === 'ROLLBACK_REQUESTED' || status === 'ROLLBACK_IN_PROGRESS';
}

export function targetOf({ targetServiceRevisionArn }: ServiceDeploymentBrief): string | undefined {
  return targetServiceRevisionArn;
}

/** The first twenty of the service revisions, in their order. */
export async function revisionsOf(
  client: ECSClient,
  arns: readonly (string | undefined)[],
): Promise<ServiceRevision[]> {
  const serviceRevisionArns = [...new Set(arns.flatMap((arn) => arn ?? []))].slice(0, revisionsDescribed);
  if (serviceRevisionArns.length === 0) return [];
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
  const { serviceRevisions = [] } = await client.send(command);
  return serviceRevisionArns.flatMap(
    (arn) => serviceRevisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn) ?? [],
  );
}

function taskDefinitionOf({ taskDefinition }: ServiceRevision) {
  return taskDefinition === undefined ? [] : [parseTaskDefinitionArn(taskDefinition)];
}
