import type { ExitCause } from '../configuration/behaviours';
import { requireCluster, requireService } from '../model/cluster';
import { registerContainerInstances } from '../model/container-instance';
import { tasksOf } from '../model/service';
import { isWanted, type Task } from '../model/task';
import type { World } from '../model/world';
import type { ServiceScheduler } from './service-scheduler';

/** Some tasks of a service: the oldest first. */
interface AffectedTasks {
  readonly cluster: string;
  readonly service: string;
  /** As many as there are, when left out. */
  readonly count?: number;
  /** These alone, by their ids; all, when left out. */
  readonly tasks?: ReadonlySet<string>;
}

/**
 * What befalls tasks through no fault of theirs. Each returns how many it befell; an unknown
 * cluster or service is an EcsError.
 */
export class Platform {
  readonly #world: World;
  readonly #scheduler: ServiceScheduler;

  constructor(world: World, scheduler: ServiceScheduler) {
    this.#world = world;
    this.#scheduler = scheduler;
  }

  /**
   * Whether the cluster has room for another task. Without, none is started, and its services say
   * so.
   */
  setCapacity(cluster: string, hasCapacity: boolean): void {
    requireCluster(this.#world, cluster).hasCapacity = hasCapacity;
  }

  /** Gives the cluster hosts. Tasks of launch type EC2 that start later are placed on them. */
  addContainerInstances(cluster: string, count: number): void {
    registerContainerInstances(this.#world, requireCluster(this.#world, cluster), count);
  }

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html */
  interruptSpot(affected: AffectedTasks): number {
    return this.#each(affected, (task) =>
      this.#scheduler.stopTask(task, {
        stopCode: 'SpotInterruption',
        stoppedReason: 'Your Spot Task was interrupted.',
      }),
    );
  }

  loseHost(affected: AffectedTasks): number {
    const drawn = `i-0${this.#world.random.hex(16)}`;
    return this.#each(affected, (task) => {
      const instance = task.containerInstance?.ec2InstanceId ?? drawn;
      const stoppedReason = `Host EC2 (instance ${instance}) terminated.`;
      this.#scheduler.tasks.lose(task, { stopCode: 'InfrastructureHealth', stoppedReason });
      if (task.owner !== null) this.#scheduler.wake(task.owner.service);
    });
  }

  /** The tasks run on, and nobody hears of them for that long. */
  disconnectAgent(affected: AffectedTasks, seconds: number): number {
    return this.#each(affected, (task) => this.#scheduler.tasks.disconnect(task, seconds));
  }

  /** An essential container of each exits: killed from outside, or for want of a dependency. */
  exitContainers(affected: AffectedTasks, exit: ExitCause): number {
    return this.#each(affected, (task) => this.#scheduler.tasks.exit(task, exit));
  }

  /** The check of each fails now, as often as it takes for ECS to give the task up. */
  failHealthCheck(affected: AffectedTasks, check: 'container' | 'load balancer'): number {
    return this.#each(affected, (task) => this.#scheduler.becameUnhealthy(task, check));
  }

  #each({ cluster, service: name, count, tasks }: AffectedTasks, befall: (task: Task) => void): number {
    const service = requireService(requireCluster(this.#world, cluster), name);
    const running = [...tasksOf(service)].filter((task) => isWanted(task) && task.lastStatus === 'RUNNING');
    const affected = running
      .filter(({ id }) => tasks === undefined || tasks.has(id))
      .sort((one, other) => one.createdAt - other.createdAt)
      .slice(0, count);
    for (const task of affected) befall(task);
    return affected.length;
  }
}
