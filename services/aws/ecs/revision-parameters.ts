import {
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
  type ServiceRevision,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import {
  partsOfService,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import { isSuccessful, newestFirst, revisionsDescribed, revisionsOf, targetOf } from './service-deployments';

/**
 * What belongs to a service revision beside its task definition and can be given to UpdateService:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const parameterNames = [
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const;

type ParameterName = (typeof parameterNames)[number];
export type RevisionParameters = Pick<UpdateServiceCommandInput, ParameterName>;

/** What takes a parameter away again where the stable revision had none. A network and a platform there always are. */
const absent: RevisionParameters = {
  loadBalancers: [],
  serviceRegistries: [],
  serviceConnectConfiguration: { enabled: false },
  volumeConfigurations: [],
  vpcLatticeConfigurations: [],
};

const deploymentsListed = 100;

/** See Ecs.parametersLeftBehind. */
export async function parametersLeftBehind(
  client: ECSClient,
  service: ServiceArn,
  target: TaskDefinitionArn,
): Promise<RevisionParameters> {
  const { cluster, name } = partsOfService(service);
  const command = new ListServiceDeploymentsCommand({
    cluster,
    service: name,
    maxResults: deploymentsListed,
  });
  const deployments = newestFirst((await client.send(command)).serviceDeployments);
  const stable = await revisionThatRan(client, deployments.filter(isSuccessful), target);
  if (stable === null) return {};
  const [current] = await revisionsOf(client, deployments.slice(0, 1).map(targetOf));
  return difference(stable, current ?? {});
}

/** The newest of the deployments' revisions that ran the task definition. */
async function revisionThatRan(
  client: ECSClient,
  deployments: readonly ServiceDeploymentBrief[],
  target: TaskDefinitionArn,
): Promise<ServiceRevision | null> {
  for (let start = 0; start < deployments.length; start += revisionsDescribed) {
    const revisions = await revisionsOf(
      client,
      deployments.slice(start, start + revisionsDescribed).map(targetOf),
    );
    const found = revisions.find(({ taskDefinition }) => taskDefinition === target);
    if (found !== undefined) return found;
  }
  return null;
}

/** Only what differs: whatever is not given stays as it is. */
function difference(stable: ServiceRevision, current: ServiceRevision): RevisionParameters {
  const differing = parameterNames.filter((name) => textOf(stable[name]) !== textOf(current[name]));
  const given = differing.flatMap((name) => {
    const value = stable[name] ?? absent[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

/** A value's text, the same whatever the order of its keys; an empty list is as good as none. */
function textOf(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return JSON.stringify(value, (_, part) => (isRecord(part) ? sorted(part) : part));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
