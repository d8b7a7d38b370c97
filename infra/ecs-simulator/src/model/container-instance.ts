import { ecsArn } from '../foundation/arn';
import type { Cluster } from './cluster';
import { tasksOf } from './service';
import { isWanted, type Task, type TaskOrigin } from './task';
import type { World } from './world';

/** A host that is registered with a cluster. Tasks of launch type EC2 are placed on these. */
export interface ContainerInstance {
  readonly arn: string;
  /** `i-…` */
  readonly ec2InstanceId: string;
  readonly availabilityZone: string;
}

/** Registers so many hosts, spread over the zones in turn. */
export function registerContainerInstances(world: World, cluster: Cluster, count: number): void {
  for (let registered = 0; registered < count; registered += 1) {
    cluster.containerInstances.push({
      arn: ecsArn(world, `container-instance/${cluster.name}/${world.random.hex(32)}`),
      ec2InstanceId: `i-0${world.random.hex(16)}`,
      availabilityZone: `${world.region}${zones.charAt(cluster.containerInstances.length % zones.length)}`,
    });
  }
}

const zones = 'abc';

/** Where a task is placed: on Fargate, and without hosts, in a zone alone. */
export function placeTask(
  world: World,
  { cluster, launchType, owner }: TaskOrigin,
): Pick<Task, 'availabilityZone' | 'containerInstance'> {
  if (launchType !== 'EC2' || cluster.containerInstances.length === 0) {
    const availabilityZone = `${world.region}${zones.charAt(world.random.integer(0, zones.length - 1))}`;
    return { availabilityZone, containerInstance: null };
  }
  const placed = owner === null ? [] : [...tasksOf(owner.service)].filter(isWanted);
  const containerInstance = leastUsed(world, cluster.containerInstances, placed);
  return { availabilityZone: containerInstance.availabilityZone, containerInstance };
}

/**
 * ECS spreads the tasks of a service over zones unless it is told otherwise; here over the hosts of
 * a zone too.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
 */
function leastUsed(
  world: World,
  instances: readonly ContainerInstance[],
  placed: readonly Task[],
): ContainerInstance {
  const tasksIn = new Map<unknown, number>();
  const count = (place: unknown) => tasksIn.set(place, (tasksIn.get(place) ?? 0) + 1);
  for (const { availabilityZone, containerInstance } of placed) {
    count(availabilityZone);
    count(containerInstance);
  }
  const use = (instance: ContainerInstance) =>
    (tasksIn.get(instance.availabilityZone) ?? 0) * 1_000_000 + (tasksIn.get(instance) ?? 0);
  const least = Math.min(...instances.map(use));
  const candidates = instances.filter((instance) => use(instance) === least);
  return candidates[world.random.integer(0, candidates.length - 1)] as ContainerInstance;
}
