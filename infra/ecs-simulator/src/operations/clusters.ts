import { z } from 'zod';
import { addTags, findEach, read, tagsOf, tagsSchema, write } from '../api/operation';
import { cutPage, pagingFields } from '../api/paging';
import { ecsArn, lastPartOf } from '../foundation/arn';
import type { Cluster } from '../model/cluster';
import type { World } from '../model/world';

export const clusterOperations = {
  CreateCluster: write(
    z.looseObject({
      clusterName: z
        .string()
        .regex(/^[\w-]{1,255}$/)
        .default('default'),
      tags: tagsSchema.optional(),
    }),
    ({ world, input }) => {
      const existing = world.clusters.get(input.clusterName);
      const cluster = existing ?? createCluster(world, input.clusterName);
      addTags(world, cluster.arn, input.tags);
      return {
        output: { cluster: clusterView(world, cluster) },
        resource: cluster.arn,
        hadEffect: existing === undefined,
      };
    },
  ),

  DescribeClusters: read(
    z.looseObject({ clusters: z.array(z.string()).max(100).default(['default']) }),
    ({ world, input }) => {
      const { found, failures } = findEach(input.clusters, {
        find: (reference) => world.clusters.get(lastPartOf(reference)) ?? null,
        arnOfMissing: (name) => ecsArn(world, `cluster/${name}`),
      });
      return { clusters: found.map((cluster) => clusterView(world, cluster)), failures };
    },
  ),

  ListClusters: read(z.looseObject(pagingFields), ({ world, input }) => {
    const arns = [...world.clusters.values()].map(({ arn }) => arn);
    const { items, nextToken } = cutPage(arns, input, 100);
    return { clusterArns: items, nextToken };
  }),
};

function createCluster(world: World, name: string): Cluster {
  const cluster: Cluster = {
    arn: ecsArn(world, `cluster/${name}`),
    name,
    services: new Map(),
    tasks: new Map(),
    runsByToken: new Map(),
    containerInstances: [],
    hasCapacity: true,
  };
  world.clusters.set(name, cluster);
  return cluster;
}

function clusterView(world: World, cluster: Cluster) {
  const tasks = [...cluster.tasks.values()];
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: cluster.containerInstances.length,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) =>
      ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(lastStatus),
    ).length,
    activeServicesCount: [...cluster.services.values()].filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    tags: tagsOf(world, cluster.arn),
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}
