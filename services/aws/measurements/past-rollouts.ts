import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import {
  parseTaskDefinitionArn,
  partsOfService,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import { firstSharePercent, strategyIn } from '../../../state-machines/log/traffic/native-plan';

/** A service deployment as ECS keeps it for 90 days, and where its tasks were. */
export interface PastRollout {
  readonly serviceDeployment: string;
  readonly status: string;
  readonly startedAt: Instant;
  /** Null while ECS works on it. */
  readonly finishedAt: Instant | null;
  readonly strategy: string;
  readonly firstSharePercent: number | null;
  /** Null where ECS does not tell. */
  readonly runs: TaskDefinitionArn | null;
  readonly replaces: TaskDefinitionArn | null;
  readonly isFirst: boolean;
  /** Its requests come by Service Connect. */
  readonly isServiceConnect: boolean;
  /** The ARN of the service revision that it brings out; null where ECS does not tell. */
  readonly revision: string | null;
  /** The ARN of the one that ran before it. */
  readonly replacedRevision: string | null;
  /** Of the service, in the order in which it names them. */
  readonly targetGroups: readonly string[];
  readonly resolved: string | null;
  /** By which ECS shifts traffic; null where it replaces tasks, or by a listener (NLB). */
  readonly rule: string | null;
}

/** As many as one Describe call takes. */
const describedAtOnce = 20;

/** The rollouts of a service that began after an instant, oldest first. Throws as the SDK. */
export async function readPastRollouts(
  client: ECSClient,
  service: ServiceArn,
  since: Instant,
): Promise<PastRollout[]> {
  const arns = await listServiceDeployments(client, service, since);
  const deployments = await inParts(arns, async (serviceDeploymentArns) => {
    const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
    return (await client.send(command)).serviceDeployments ?? [];
  });
  const revisions = await describeRevisions(client, deployments);
  return deployments
    .map((deployment) => pastRollout(deployment, revisions))
    .sort((a, b) => a.startedAt - b.startedAt);
}

async function listServiceDeployments(client: ECSClient, service: ServiceArn, since: Instant) {
  const { cluster, name } = partsOfService(service);
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const createdAt = { after: new Date(since) };
    const command = new ListServiceDeploymentsCommand({ cluster, service: name, createdAt, nextToken });
    const { serviceDeployments = [], nextToken: next } = await client.send(command);
    arns.push(...serviceDeployments.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []));
    nextToken = next;
  } while (nextToken !== undefined);
  return arns;
}

async function describeRevisions(client: ECSClient, deployments: readonly ServiceDeployment[]) {
  const arns = deployments.flatMap(({ targetServiceRevision, sourceServiceRevisions = [] }) =>
    [targetServiceRevision, ...sourceServiceRevisions].flatMap((one) => one?.arn ?? []),
  );
  const described = await inParts([...new Set(arns)], async (serviceRevisionArns) => {
    const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
    return (await client.send(command)).serviceRevisions ?? [];
  });
  return new Map(described.map((revision) => [revision.serviceRevisionArn ?? '', revision]));
}

async function inParts<Item, Described>(
  items: readonly Item[],
  describe: (part: Item[]) => Promise<Described[]>,
): Promise<Described[]> {
  const described: Described[] = [];
  for (let start = 0; start < items.length; start += describedAtOnce) {
    described.push(...(await describe(items.slice(start, start + describedAtOnce))));
  }
  return described;
}

function pastRollout(
  deployment: ServiceDeployment,
  revisions: ReadonlyMap<string, ServiceRevision>,
): PastRollout {
  const {
    sourceServiceRevisions: [source] = [],
    targetServiceRevision,
    deploymentConfiguration,
  } = deployment;
  const target = revisions.get(targetServiceRevision?.arn ?? '');
  const configuration = { ...deploymentConfiguration };
  const targetGroups = targetGroupsIn(target);
  const startedAt = deployment.startedAt ?? deployment.createdAt;
  return {
    serviceDeployment: deployment.serviceDeploymentArn ?? '',
    status: deployment.status ?? 'UNKNOWN',
    startedAt: instantFrom(startedAt?.getTime() ?? 0),
    finishedAt: deployment.finishedAt === undefined ? null : instantFrom(deployment.finishedAt.getTime()),
    strategy: strategyIn(configuration) ?? 'ROLLING',
    firstSharePercent: firstSharePercent(configuration),
    runs: taskDefinitionIn(target),
    replaces: taskDefinitionIn(revisions.get(source?.arn ?? '')),
    isFirst: source === undefined,
    isServiceConnect: target?.serviceConnectConfiguration?.enabled === true,
    revision: targetServiceRevision?.arn ?? null,
    replacedRevision: source?.arn ?? null,
    targetGroups,
    rule: ruleIn(target),
    resolved: resolvedIn(target) ?? otherThan(resolvedIn(revisions.get(source?.arn ?? '')), targetGroups),
  };
}

function ruleIn(revision: ServiceRevision | undefined): string | null {
  const rule = revision?.loadBalancers?.[0]?.advancedConfiguration?.productionListenerRule;
  return rule?.includes(':listener-rule/') === true ? rule : null;
}

/** ECS tells the target group of an active service revision. */
function resolvedIn(revision: ServiceRevision | undefined): string | null {
  return revision?.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn ?? null;
}

/** Of two target groups the other one. */
function otherThan(group: string | null, targetGroups: readonly string[]): string | null {
  if (group === null || !targetGroups.includes(group)) return null;
  return targetGroups.find((other) => other !== group) ?? null;
}

function taskDefinitionIn(revision: ServiceRevision | undefined): TaskDefinitionArn | null {
  return revision?.taskDefinition === undefined ? null : parseTaskDefinitionArn(revision.taskDefinition);
}

/** Of the first load balancer: a service with several sends each the same tasks. */
function targetGroupsIn(revision: ServiceRevision | undefined): string[] {
  const [first] = revision?.loadBalancers ?? [];
  const groups = [first?.targetGroupArn, first?.advancedConfiguration?.alternateTargetGroupArn];
  return groups.filter((group) => group !== undefined);
}
