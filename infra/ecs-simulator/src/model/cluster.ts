import { lastPartOf } from '../foundation/arn';
import { EcsError } from '../foundation/ecs-error';
import type { ContainerInstance } from './container-instance';
import type { Service } from './service';
import type { Task } from './task';
import type { World } from './world';

export interface Cluster {
  readonly arn: string;
  readonly name: string;
  /** By name; a deleted service stays, INACTIVE, until one of its name is created again. */
  readonly services: Map<string, Service>;
  /** By id; a stopped task stays for an hour. */
  readonly tasks: Map<string, Task>;
  /** The hosts for tasks of launch type EC2; without any, these have none to name. */
  readonly containerInstances: ContainerInstance[];
  /** What RunTask has started, by client token. */
  readonly runsByToken: Map<string, TokenRun>;
  /** Whether there is room for another task. */
  hasCapacity: boolean;
}

/** A call of RunTask that has started tasks. */
export interface TokenRun {
  /** What it was asked for, as text. */
  readonly request: string;
  readonly tasks: readonly Task[];
}

/** Finds by name or ARN, "default" when left out; throws ClusterNotFoundException. */
export function requireCluster(world: World, reference: string | undefined): Cluster {
  const name = lastPartOf(reference ?? 'default');
  const cluster = world.clusters.get(name);
  if (cluster === undefined || (reference?.startsWith('arn:') && cluster.arn !== reference)) {
    throw new EcsError('ClusterNotFoundException', 'Cluster not found.');
  }
  return cluster;
}

/** Finds a service of the cluster by name or ARN; null when it has none. */
export function findService(cluster: Cluster, reference: string): Service | null {
  const service = cluster.services.get(lastPartOf(reference));
  return service === undefined || (reference.startsWith('arn:') && service.arn !== reference)
    ? null
    : service;
}

/** As findService, but throws ServiceNotFoundException. */
export function requireService(cluster: Cluster, reference: string): Service {
  const service = findService(cluster, reference);
  if (service === null) throw new EcsError('ServiceNotFoundException', 'Service not found.');
  return service;
}

/** Every service of every cluster. */
export function* allServices(world: World): Generator<Service> {
  for (const cluster of world.clusters.values()) yield* cluster.services.values();
}
