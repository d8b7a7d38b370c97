import { type Instant, instantFrom } from '../../../../state-machines/identifiers';
import { findService } from '../cluster';
import { tasksOf } from '../service';
import type { Task } from '../task';
import type { World } from '../world';
import { type Alarm, metricsOf } from './alarm';
import { observeTargets } from './load-balancer-metrics';
import type { Metric, Sample } from './metrics';

/** Percent of its memory that a task uses which does not leak, and one whose leak has come to its end. */
const ordinaryMemory = 40;
const leakedMemory = 95;
const ordinaryCpu = 20;

/** Puts what AWS would have published by this moment of the metrics that an alarm looks at, where they are a service's. */
export function putServiceMetrics(world: World, alarm: Alarm): void {
  if (alarm.condition.kind === 'composite') return;
  for (const metric of metricsOf(alarm)) putSamples(world, metric, alarm.condition.rule.periodSeconds);
}

function putSamples(world: World, metric: Metric, periodSeconds: number): void {
  const now = world.clock.now();
  const lastAt = world.metrics.lastAt(metric);
  const seconds = lastAt === null ? periodSeconds : Math.min(periodSeconds, (now - lastAt) / 1000);
  for (const { value, count } of samplesOf(world, metric, seconds)) {
    world.metrics.put(metric, {
      // A period ends before the instant at which it is looked at.
      at: instantFrom(now - 1),
      count,
      sum: value * count,
      minimum: value,
      maximum: value,
    });
  }
}

function samplesOf(world: World, metric: Metric, seconds: number): readonly Sample[] {
  if (metric.namespace === 'AWS/ApplicationELB') return observeTargets(world, metric, seconds);
  if (metric.namespace !== 'AWS/ECS') return [];
  const usages = runningTasksOf(world, metric).map((task) => usageOf(task, metric.name, world.clock.now()));
  return usages.map((value) => ({ value, count: 1 }));
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
function usageOf(task: Task, metricName: string, now: Instant): number {
  if (metricName === 'CPUUtilization') return ordinaryCpu;
  const ranSeconds = (now - (task.startedAt ?? now)) / 1000;
  const usages = task.containers.map(({ behaviour: { leaksAfterSeconds } }) => {
    if (leaksAfterSeconds === null) return ordinaryMemory;
    const share = leaksAfterSeconds === 0 ? 1 : Math.min(1, ranSeconds / leaksAfterSeconds);
    return ordinaryMemory + share * (leakedMemory - ordinaryMemory);
  });
  return Math.round(Math.max(...usages) * 100) / 100;
}
