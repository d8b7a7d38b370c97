import { type Instant, instantFrom } from '../../../../state-machines/identifiers';
import { findService } from '../cluster';
import { tasksOf } from '../service';
import type { Task } from '../task';
import type { World } from '../world';
import type { Metric } from './metrics';

/** Percent of its memory that a task uses which does not leak, and one whose leak has come to its end. */
const ordinaryMemory = 40;
const leakedMemory = 95;
const ordinaryCpu = 20;

/**
 * Puts what a service's tasks use at this moment, where the metric is one that ECS itself publishes, and does nothing else.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
export function putServiceMetric(world: World, metric: Metric): void {
  if (metric.namespace !== 'AWS/ECS') return;
  const values = runningTasksOf(world, metric).map((task) => usageOf(task, metric.name, world.clock.now()));
  if (values.length === 0) return;
  world.metrics.put(metric, {
    // A period ends before the instant at which it is looked at.
    at: instantFrom(world.clock.now() - 1),
    count: values.length,
    sum: values.reduce((total, value) => total + value, 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  });
}

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
