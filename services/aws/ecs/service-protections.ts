import {
  type Deployment,
  DescribeServicesCommand,
  type ECSClient,
  type DeploymentConfiguration as SdkConfiguration,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { parseServiceArn, partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import type { DeploymentConfiguration } from '../../../state-machines/protection/configuration';
import type { ProtectionWithoutAlarms } from '../../../state-machines/protection/observed-protection';
import { isDenied } from './ecs';

/**
 * A service with what protects it, as DescribeServices shows it: its target groups by ARN, its tags
 * as they are.
 */
export interface DescribedProtection extends Omit<ProtectionWithoutAlarms, 'targetGroups' | 'owner'> {
  readonly targetGroupArns: readonly string[];
  readonly tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[];
}

/** A service that ECS would not show. */
interface UnreadableService {
  readonly service: ServiceArn;
  readonly error: Error;
}

/**
 * What the guard asks of ECS. Every method throws what the SDK throws, after the SDK's own retries.
 */
export interface ServiceProtections {
  /**
   * The services that are ACTIVE, in any order, ten a call. One that ECS will not show keeps no
   * other from being shown.
   */
  describe(services: readonly ServiceArn[]): AsyncIterable<DescribedProtection | UnreadableService>;
  /**
   * Changes the configuration, and nothing that starts a deployment; answers with what the service
   * has then.
   */
  update(service: ServiceArn, parameters: DeploymentConfiguration): Promise<UpdateReceipt>;
}

interface UpdateReceipt {
  readonly requestId: string | null;
  readonly configuration: DeploymentConfiguration;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const servicesACall = 10;

export function awsServiceProtections(client: ECSClient): ServiceProtections {
  return {
    describe: (services) => describeProtections(client, services),
    async update(service, parameters) {
      const { cluster, name } = partsOfService(service);
      const deploymentConfiguration = parameters as SdkConfiguration;
      const { $metadata, service: updated } = await client.send(
        new UpdateServiceCommand({ cluster, service: name, deploymentConfiguration }),
      );
      const configuration = configurationIn(updated ?? {});
      return { requestId: $metadata.requestId ?? null, configuration };
    },
  };
}

async function* describeProtections(client: ECSClient, services: readonly ServiceArn[]) {
  const clusters = new Set(services.map((service) => partsOfService(service).cluster));
  for (const cluster of clusters) {
    const ofCluster = services.filter((service) => partsOfService(service).cluster === cluster);
    for (let start = 0; start < ofCluster.length; start += servicesACall) {
      yield* describeInOneCall(client, ofCluster.slice(start, start + servicesACall));
    }
  }
}

async function* describeInOneCall(
  client: ECSClient,
  services: readonly ServiceArn[],
): AsyncIterable<DescribedProtection | UnreadableService> {
  const [first] = services;
  if (first === undefined) return;
  try {
    const names = services.map((service) => partsOfService(service).name);
    const { cluster } = partsOfService(first);
    const command = new DescribeServicesCommand({ cluster, services: names, include: ['TAGS'] });
    const { services: described = [] } = await client.send(command);
    yield* described.filter(({ status }) => status === 'ACTIVE').map(protectionOf);
  } catch (error) {
    if (services.length === 1) yield { service: first, error: error as Error };
    else if (!isDenied(error)) yield* services.map((service) => ({ service, error: error as Error }));
    // A call is refused for all that it names where one of them may not be seen.
    else for (const service of services) yield* describeInOneCall(client, [service]);
  }
}

function protectionOf(service: Service): DescribedProtection {
  const { loadBalancers = [], deployments = [], tags = [] } = service;
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  return {
    service: parseServiceArn(service.serviceArn ?? ''),
    controller: service.deploymentController?.type ?? 'ECS',
    configuration: configurationIn(service),
    rollout: primary !== undefined && isUnderWay(primary, deployments) ? rolloutOf(primary) : null,
    loadBalancers: loadBalancers.map(({ advancedConfiguration }) => ({
      hasAdvancedConfiguration: advancedConfiguration !== undefined,
    })),
    hasOtherTraffic:
      primary?.serviceConnectConfiguration?.enabled === true ||
      (primary?.vpcLatticeConfigurations ?? []).length > 0,
    targetGroupArns: loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration }) =>
      [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].filter((arn) => arn !== undefined),
    ),
    tags,
  };
}

function configurationIn({ deploymentConfiguration }: Service): DeploymentConfiguration {
  // The SDK's optional fields may be undefined as well as missing; JSON knows missing only.
  return JSON.parse(JSON.stringify(deploymentConfiguration ?? {}));
}

/**
 * ECS tells no rolloutState of services behind a Classic Load Balancer: there, a second deployment
 * tells.
 */
function isUnderWay({ rolloutState }: Deployment, deployments: readonly Deployment[]): boolean {
  return rolloutState === undefined ? deployments.length > 1 : rolloutState === 'IN_PROGRESS';
}

/** The `createdAt` of a deployment that ECS went back to may be weeks old. */
function rolloutOf({ taskDefinition = '', createdAt, updatedAt }: Deployment) {
  return {
    taskDefinition: taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1),
    since: instantFrom((updatedAt ?? createdAt)?.getTime() ?? 0),
  };
}
