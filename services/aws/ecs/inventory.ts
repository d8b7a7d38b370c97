import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  paginateListClusters,
  paginateListServices,
  paginateListTasks,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type Task,
} from '@aws-sdk/client-ecs';
import {
  InvalidIdentifierError,
  parseServiceArn,
  partsOfService,
  type ServiceArn,
} from '../../../state-machines/log/identifiers';

/** A service as DescribeServices shows it: every field may be missing. */
export type DescribedService = Service;

/**
 * Everything that runs, as ECS tells whoever asks: what notifications that never arrived would have
 * said.
 */
export interface Inventory {
  /**
   * Every service of the account and region, a cluster at a time. Services with short ARNs are left
   * out: they cannot be followed.
   */
  services(): AsyncIterable<ServiceArn>;
  /** The services that still exist, in any order. As many as are given, ten a call. */
  describe(services: readonly ServiceArn[]): AsyncIterable<Service>;
  /** What ECS works on, or worked on last; null when it keeps none (it keeps them for 90 days). */
  newestServiceDeployment(service: ServiceArn): Promise<ServiceDeployment | null>;
  /** The service's tasks, stopped ones too: ECS shows those for at least an hour. */
  tasks(service: ServiceArn): AsyncIterable<Task>;
}

/**
 * The most that one call takes:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html and
 * API_DescribeTasks.html
 */
const servicesACall = 10;
const tasksACall = 100;

export function awsInventory(client: ECSClient): Inventory {
  return {
    services: () => listServices(client),
    describe: (services) => describeServices(client, services),
    newestServiceDeployment: (service) => describeNewest(client, service),
    tasks: (service) => describeTasks(client, service),
  };
}

async function* listServices(client: ECSClient): AsyncIterable<ServiceArn> {
  for await (const { clusterArns = [] } of paginateListClusters({ client }, {})) {
    for (const cluster of clusterArns) {
      for await (const { serviceArns = [] } of paginateListServices({ client, pageSize: 100 }, { cluster })) {
        yield* serviceArns.flatMap(longArn);
      }
    }
  }
}

function longArn(arn: string): ServiceArn[] {
  try {
    return [parseServiceArn(arn)];
  } catch (error) {
    if (error instanceof InvalidIdentifierError) return [];
    throw error;
  }
}

async function* describeServices(client: ECSClient, services: readonly ServiceArn[]): AsyncIterable<Service> {
  const clusters = new Set(services.map((service) => partsOfService(service).cluster));
  for (const cluster of clusters) {
    const ofCluster = services.map(partsOfService).filter((parts) => parts.cluster === cluster);
    for (let start = 0; start < ofCluster.length; start += servicesACall) {
      const names = ofCluster.slice(start, start + servicesACall).map(({ name }) => name);
      const { services: described = [] } = await client.send(
        new DescribeServicesCommand({ cluster, services: names, include: ['TAGS'] }),
      );
      yield* described;
    }
  }
}

async function describeNewest(client: ECSClient, service: ServiceArn): Promise<ServiceDeployment | null> {
  const { cluster, name } = partsOfService(service);
  const { serviceDeployments: briefs = [] } = await client.send(
    new ListServiceDeploymentsCommand({ cluster, service: name }),
  );
  const madeAt = ({ createdAt }: ServiceDeploymentBrief) => createdAt?.getTime() ?? 0;
  const [newest] = briefs.sort((a, b) => madeAt(b) - madeAt(a));
  if (newest?.serviceDeploymentArn === undefined) return null;
  const { serviceDeployments } = await client.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [newest.serviceDeploymentArn] }),
  );
  return serviceDeployments?.[0] ?? null;
}

async function* describeTasks(client: ECSClient, service: ServiceArn): AsyncIterable<Task> {
  const { cluster, name } = partsOfService(service);
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    const pages = paginateListTasks(
      { client, pageSize: tasksACall },
      { cluster, serviceName: name, desiredStatus },
    );
    for await (const { taskArns = [] } of pages) {
      if (taskArns.length === 0) continue;
      const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      yield* tasks;
    }
  }
}
