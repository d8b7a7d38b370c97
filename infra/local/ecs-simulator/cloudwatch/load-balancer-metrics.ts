import { allServices } from '../cluster';
import { metricNameOf } from '../load-balancing';
import { tasksOf } from '../service';
import type { Task } from '../task';
import type { World } from '../world';
import type { Metric, Sample } from './metrics';

/** What every target group is asked for, shared evenly among its healthy targets. */
const requestsPerSecond = 10;

/** The targets of one target group, and the requests that each of the healthy ones is given. */
interface Targets {
  readonly registered: readonly Task[];
  readonly healthy: readonly Task[];
  readonly requests: number;
}

/**
 * What an Application Load Balancer has seen in so many seconds; nothing for a metric that this simulator does not emit. Counts of what
 * did not happen are not published. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function observeTargets(world: World, metric: Metric, seconds: number): readonly Sample[] {
  const observe = Object.hasOwn(observers, metric.name) ? observers[metric.name] : undefined;
  if (observe === undefined) return [];
  const requests = requestsPerSecond * seconds;
  const samples = targetsOf(world, metric).flatMap(({ registered, healthy }) =>
    registered.length === 0 ? [] : observe({ registered, healthy, requests }, world.clock.now()),
  );
  return samples.filter(({ count }) => count > 0);
}

const observers: Readonly<Record<string, (targets: Targets, now: number) => Sample[]>> = {
  RequestCount: ({ requests }) => [{ value: 1, count: requests }],
  // Without a healthy target the load balancer answers by itself: 503.
  HTTPCode_ELB_5XX_Count: ({ healthy, requests }) => [
    { value: 1, count: healthy.length === 0 ? requests : 0 },
  ],
  HTTPCode_Target_5XX_Count: (targets, now) =>
    shared(targets).map(({ task, requests }) => ({
      value: 1,
      count: (requests * errorPercentOf(task, now)) / 100,
    })),
  TargetResponseTime: (targets) =>
    shared(targets).map(({ task, requests }) => ({ value: responseSecondsOf(task), count: requests })),
  HealthyHostCount: ({ healthy }) => [{ value: healthy.length, count: 1 }],
  UnHealthyHostCount: ({ registered, healthy }) => [{ value: registered.length - healthy.length, count: 1 }],
};

function shared({ healthy, requests }: Targets): { task: Task; requests: number }[] {
  return healthy.map((task) => ({ task, requests: requests / healthy.length }));
}

function errorPercentOf({ containers, startedAt }: Task, now: number): number {
  const ranSeconds = (now - (startedAt ?? now)) / 1000;
  const percents = containers.map(({ behaviour: { answers } }) =>
    ranSeconds >= answers.errorsAfterSeconds ? answers.errorPercent : 0,
  );
  return Math.max(...percents);
}

function responseSecondsOf({ containers }: Task): number {
  return Math.max(...containers.map(({ behaviour }) => behaviour.answers.responseSeconds));
}

/** By the dimension TargetGroup, or, without it, of every target group behind the load balancer. */
function targetsOf(
  world: World,
  { dimensions }: Metric,
): { registered: readonly Task[]; healthy: readonly Task[] }[] {
  const dimension = (wanted: string) => dimensions.find(({ name }) => name === wanted)?.value;
  const [group, loadBalancer] = [dimension('TargetGroup'), dimension('LoadBalancer')];
  const groups = group === undefined ? groupsBehind(world, loadBalancer) : [group];
  return groups.map((name) => {
    const registered = [...targetsIn(world, name)].filter(({ lastStatus }) => lastStatus === 'RUNNING');
    return { registered, healthy: registered.filter(({ isHealthy }) => isHealthy) };
  });
}

function groupsBehind(world: World, loadBalancer: string | undefined): string[] {
  return [...world.loadBalancing.targetGroups.values()]
    .filter(({ loadBalancers }) => [...loadBalancers].some(({ arn }) => metricNameOf(arn) === loadBalancer))
    .map(({ arn }) => metricNameOf(arn));
}

function* targetsIn(world: World, group: string): Generator<Task> {
  for (const service of allServices(world)) {
    for (const task of tasksOf(service)) {
      if (task.targetGroups.some(({ arn }) => metricNameOf(arn) === group)) yield task;
    }
  }
}
