import { type Alarm, metricsOf } from '../cloudwatch/alarm';
import type { Metric, Sample } from '../cloudwatch/metrics';
import { type ClockTime, clockTime } from '../foundation/clock';
import { findService } from '../model/cluster';
import { tasksOf } from '../model/service';
import type { Task } from '../model/task';
import type { World } from '../model/world';
import { Targets } from './load-balancer-metrics';

/**
 * Percent of its memory that a task uses which does not leak, and one whose leak has come to its
 * end.
 */
const ordinaryMemory = 40;
const leakedMemory = 95;
const ordinaryCpu = 20;

/** What AWS publishes of services, put when an alarm looks at it. */
export class ServiceMetrics {
  readonly #world: World;
  readonly #targets: Targets;

  /** Whether load balancers publish by themselves, so that nothing is put when an alarm looks. */
  readonly #hasTraffic: boolean;

  constructor(world: World, hasTraffic: boolean) {
    this.#world = world;
    this.#hasTraffic = hasTraffic;
    this.#targets = new Targets(world);
  }

  /**
   * Puts what would have been published by this moment of the metrics that an alarm looks at, where
   * they are a service's.
   */
  put(alarm: Alarm): void {
    if (alarm.condition.kind === 'composite') return;
    for (const metric of metricsOf(alarm)) this.#put(metric, alarm.condition.rule.periodSeconds);
  }

  #put(metric: Metric, periodSeconds: number): void {
    const { metrics, clock } = this.#world;
    const now = clock.now();
    const lastAt = metrics.lastAt(metric);
    const seconds = lastAt === null ? periodSeconds : Math.min(periodSeconds, (now - lastAt) / 1000);
    for (const { value, count } of this.#samplesOf(metric, seconds)) {
      // A period ends before the instant at which it is looked at.
      const at = clockTime(now - 1);
      metrics.put(metric, { at, count, sum: value * count, minimum: value, maximum: value });
    }
  }

  /** How many hosts are healthy is no traffic. */
  #isPublished({ name }: Metric): boolean {
    return this.#hasTraffic && !name.endsWith('HostCount');
  }

  #samplesOf(metric: Metric, seconds: number): readonly Sample[] {
    if (metric.namespace === 'AWS/ApplicationELB')
      return this.#isPublished(metric) ? [] : this.#targets.observe(metric, seconds);
    if (metric.namespace !== 'AWS/ECS') return [];
    const now = this.#world.clock.now();
    const usages = runningTasksOf(this.#world, metric).map((task) => usageOf(task, metric.name, now));
    return usages.map((value) => ({ value, count: 1 }));
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html */
function runningTasksOf(world: World, { name, dimensions }: Metric): Task[] {
  if (name !== 'MemoryUtilization' && name !== 'CPUUtilization') return [];
  const dimension = (wanted: string) => dimensions.find(({ name: one }) => one === wanted)?.value ?? '';
  const cluster = world.clusters.get(dimension('ClusterName'));
  const service = cluster === undefined ? null : findService(cluster, dimension('ServiceName'));
  return service === null ? [] : [...tasksOf(service)].filter(({ lastStatus }) => lastStatus === 'RUNNING');
}

/** A leak grows evenly from the task's start. */
function usageOf(task: Task, metricName: string, now: ClockTime): number {
  if (metricName === 'CPUUtilization') return ordinaryCpu;
  const ranSeconds = (now - (task.startedAt ?? now)) / 1000;
  const usages = task.containers.map(({ behaviour: { leaksAfterSeconds } }) => {
    if (leaksAfterSeconds === null) return ordinaryMemory;
    const share = leaksAfterSeconds === 0 ? 1 : Math.min(1, ranSeconds / leaksAfterSeconds);
    return ordinaryMemory + share * (leakedMemory - ordinaryMemory);
  });
  return Math.round(Math.max(...usages) * 100) / 100;
}
