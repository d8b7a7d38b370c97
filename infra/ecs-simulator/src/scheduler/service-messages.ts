import type { Task } from '../model/task';

/**
 * The texts of DescribeServices' `events[]`, without their prefix. Pure.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export const serviceMessages = {
  steady: 'has reached a steady state.',
  impaired: 'is unable to consistently start tasks successfully.',
  blocked:
    'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',

  started(tasks: readonly Task[], unhealthyCount: number): string {
    const replaced =
      unhealthyCount === 0
        ? ''
        : ` Amazon ECS replaced ${countOf(unhealthyCount, 'task')} due to an unhealthy status.`;
    return `has started ${countOf(tasks.length, 'task')}: ${listOf(tasks)}.${replaced}`;
  },

  /** One for those that run, one for those that never did; none where there are none. */
  stopped(tasks: readonly Task[]): string[] {
    const running = tasks.filter((task) => task.lastStatus === 'RUNNING');
    const pending = tasks.length - running.length;
    return [
      ...(running.length > 0
        ? [`has stopped ${countOf(running.length, 'running task')}: ${listOf(running)}.`]
        : []),
      ...(pending > 0 ? [`stopped ${countOf(pending, 'pending task')}.`] : []),
    ];
  },

  unhealthy: (task: Task): string => `(task ${task.id}) failed container health checks.`,
  targetUnhealthy(task: Task): string {
    const [target] = task.targetGroups;
    return `(task ${task.id}) (port ${target?.port}) is unhealthy in (target-group ${target?.arn}) due to (reason Health checks failed).`;
  },
  registered: (task: Task): string => `registered 1 targets in (target-group ${task.targetGroups[0]?.arn})`,
  /** ECS calls the deployment a task set here. */
  draining(tasks: readonly Task[]): string[] {
    const [first] = tasks;
    if (first?.owner == null || first.targetGroups.length === 0) return [];
    const { service, deployment } = first.owner;
    return [
      `deregistered ${tasks.length} targets in (target-group ${first.targetGroups[0]?.arn})`,
      `(service ${service.name}, taskSet ${deployment.id}) has begun draining connections on ${countOf(tasks.length, 'task')}.`,
    ];
  },
  noCapacity:
    'Capacity is unavailable at this time. Please try again later or in a different availability zone',
  unplaced: (reason: string): string => `was unable to place a task. Reason: ${reason}.`,
};

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function listOf(tasks: readonly Task[]): string {
  return tasks.map((task) => `(task ${task.id})`).join(' ');
}
