import {
  DescribeServicesCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
  type ServiceRevision,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { sortedJson } from '../../../state-machines/log/foundation/json';
import {
  partsOfService,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import type { WayBack } from '../../../state-machines/log/way-back';
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
  'capacityProviderStrategy',
] as const;

type ParameterName = (typeof parameterNames)[number];
export type RevisionParameters = Pick<UpdateServiceCommandInput, ParameterName>;

/**
 * What takes a parameter away again where the stable revision had none. A network and a platform
 * there always are.
 */
const absent: RevisionParameters = {
  loadBalancers: [],
  serviceRegistries: [],
  serviceConnectConfiguration: { enabled: false },
  volumeConfigurations: [],
  vpcLatticeConfigurations: [],
  capacityProviderStrategy: [],
};

/** By what the traffic comes. */
const trafficNames: readonly ParameterName[] = [
  'loadBalancers',
  'serviceConnectConfiguration',
  'vpcLatticeConfigurations',
];

const deploymentsListed = 100;

/** See Ecs.parametersLeftBehind. */
export async function parametersLeftBehind(
  client: ECSClient,
  service: ServiceArn,
  { taskDefinition, serviceRevision }: WayBack,
): Promise<RevisionParameters> {
  const { cluster, name } = partsOfService(service);
  const command = new ListServiceDeploymentsCommand({
    cluster,
    service: name,
    maxResults: deploymentsListed,
  });
  const deployments = newestFirst((await client.send(command)).serviceDeployments);
  const [newest] = deployments.map(targetOf);
  const described = await revisionsOf(client, [newest, serviceRevision ?? undefined]);
  const named = (arn: string | null | undefined) =>
    described.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
  const stable =
    named(serviceRevision) ??
    (await revisionThatRan(client, deployments.filter(isSuccessful), taskDefinition));
  if (stable === null) return {};
  const parameters = difference(stable, named(newest) ?? {});
  const isOtherTraffic = trafficNames.some((name) => parameters[name] !== undefined);
  return isOtherTraffic && !canBeShifted(stable) && (await shiftsTraffic(client, service))
    ? withoutTraffic(parameters)
    : parameters;
}

/**
 * Whether ECS could shift the traffic of the revision:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
 */
function canBeShifted(revision: ServiceRevision): boolean {
  const { loadBalancers = [], serviceConnectConfiguration, vpcLatticeConfigurations = [] } = revision;
  if (loadBalancers.length > 0) return loadBalancers.every((one) => one.advancedConfiguration !== undefined);
  return serviceConnectConfiguration?.enabled === true || vpcLatticeConfigurations.length > 0;
}

/** The strategy is the service's, and no part of a revision: UpdateService leaves it as it is. */
async function shiftsTraffic(client: ECSClient, service: ServiceArn): Promise<boolean> {
  const { cluster, name } = partsOfService(service);
  const { services } = await client.send(new DescribeServicesCommand({ cluster, services: [name] }));
  return (services?.[0]?.deploymentConfiguration?.strategy ?? 'ROLLING') !== 'ROLLING';
}

function withoutTraffic(parameters: RevisionParameters): RevisionParameters {
  const kept = Object.entries(parameters).filter(([name]) => !trafficNames.some((one) => one === name));
  return Object.fromEntries(kept);
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
  const differing = parameterNames.filter(
    (name) => parameterText(stable[name]) !== parameterText(current[name]),
  );
  const given = differing.flatMap((name) => {
    const value = stable[name] ?? absent[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

/** A value's text, whatever the order of its fields; an empty list has the text of none. */
function parameterText(value: unknown): string {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? '' : sortedJson(value);
}
