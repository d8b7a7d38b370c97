import type { Metric, Sample } from '../cloudwatch/metrics';
import type { ClockTime } from '../foundation/clock';
import { allServices } from '../model/cluster';
import { metricNameOf } from '../model/load-balancing';
import { tasksOf } from '../model/service';
import type { Task } from '../model/task';
import type { World } from '../model/world';
import { errorPercentOf, responseSecondsOf } from './task-answers';

/** What every target group is asked for, shared evenly among its healthy targets. */
const requestsPerSecond = 10;

/** The targets of one target group, and the requests that it is asked for. */
interface TargetGroupLoad {
  readonly registered: readonly Task[];
  readonly healthy: readonly Task[];
  readonly requests: number;
}

/** What Application Load Balancers see of the tasks behind them. */
export class Targets {
  readonly #world: World;
  /**
   * By the name that metrics have for a target group; of one instant, at which many alarms look.
   */
  #tasks: { readonly at: ClockTime; readonly byGroup: ReadonlyMap<string, readonly Task[]> } | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * What there was to see in so many seconds; nothing for a metric that this simulator does not
   * emit. Counts of what did not happen are not published.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
   */
  observe(metric: Metric, seconds: number): readonly Sample[] {
    const observe = Object.hasOwn(observers, metric.name) ? observers[metric.name] : undefined;
    if (observe === undefined) return [];
    const requests = requestsPerSecond * seconds;
    const samples = groupsIn(this.#world, metric).flatMap((group) => {
      const registered = this.#registeredIn(group);
      const healthy = registered.filter(({ isHealthy }) => isHealthy);
      return registered.length === 0
        ? []
        : observe({ registered, healthy, requests }, this.#world.clock.now());
    });
    return samples.filter(({ count }) => count > 0);
  }

  /** A task that comes within the same instant is not RUNNING yet. */
  #registeredIn(group: string): readonly Task[] {
    const now = this.#world.clock.now();
    if (this.#tasks?.at !== now) this.#tasks = { at: now, byGroup: tasksByGroup(this.#world) };
    const tasks = this.#tasks.byGroup.get(group) ?? [];
    return tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  }
}

const observers: Readonly<Record<string, (load: TargetGroupLoad, now: number) => Sample[]>> = {
  RequestCount: ({ requests }) => [{ value: 1, count: requests }],
  // Without a healthy target the load balancer answers by itself: 503.
  HTTPCode_ELB_5XX_Count: ({ healthy, requests }) => [
    { value: 1, count: healthy.length === 0 ? requests : 0 },
  ],
  HTTPCode_Target_5XX_Count: (load, now) =>
    shared(load).map(({ task, requests }) => ({
      value: 1,
      count: (requests * errorPercentOf(task, now)) / 100,
    })),
  TargetResponseTime: (load) =>
    shared(load).map(({ task, requests }) => ({ value: responseSecondsOf(task), count: requests })),
  HealthyHostCount: ({ healthy }) => [{ value: healthy.length, count: 1 }],
  UnHealthyHostCount: ({ registered, healthy }) => [{ value: registered.length - healthy.length, count: 1 }],
};

function shared({ healthy, requests }: TargetGroupLoad): { task: Task; requests: number }[] {
  return healthy.map((task) => ({ task, requests: requests / healthy.length }));
}

/** By the dimension TargetGroup, or, without it, every target group behind the load balancer. */
function groupsIn(world: World, { dimensions }: Metric): string[] {
  const dimension = (wanted: string) => dimensions.find(({ name }) => name === wanted)?.value;
  const group = dimension('TargetGroup');
  if (group !== undefined) return [group];
  const loadBalancer = dimension('LoadBalancer');
  return [...world.loadBalancing.targetGroups.values()]
    .filter(({ loadBalancers }) => [...loadBalancers].some(({ arn }) => metricNameOf(arn) === loadBalancer))
    .map(({ arn }) => metricNameOf(arn));
}

function tasksByGroup(world: World): Map<string, Task[]> {
  const byGroup = new Map<string, Task[]>();
  for (const service of allServices(world)) {
    for (const task of tasksOf(service)) {
      for (const { arn } of task.targetGroups) {
        const group = metricNameOf(arn);
        byGroup.set(group, [...(byGroup.get(group) ?? []), task]);
      }
    }
  }
  return byGroup;
}
