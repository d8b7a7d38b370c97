import type { ClockTime } from '../foundation/clock';
import type { Task } from './task';
import type { TaskDefinition } from './task-definition';

/**
 * An entry of DescribeServices' `deployments[]`. A rollback takes up an old one again, with its id
 * and the tasks it has left.
 */
export interface Deployment {
  readonly id: string;
  readonly revision: ServiceRevision;
  readonly createdAt: ClockTime;
  /** Those not yet STOPPED. */
  readonly tasks: Set<Task>;
  status: 'PRIMARY' | 'ACTIVE';
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  updatedAt: ClockTime;
  /** What the circuit breaker counts, with its rule about healthy tasks. */
  failedTasks: number;
  readonly startThrottle: StartThrottle;
  /** Whether it was told once that minimum and maximum percent leave no way to go on. */
  isKnownBlocked: boolean;
}

/** How ECS slows down tasks that never reach RUNNING. */
interface StartThrottle {
  /** Starts in a row in which no task reached RUNNING. */
  failedRounds: number;
  /** When the last such round was seen: failures of tasks created before it belong to it. */
  since: ClockTime | null;
  until: ClockTime | null;
}

/** All that a rollback restores: what a service deployment brings a service to. */
export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: TaskDefinition;
  readonly parameters: ServiceRevisionParameters;
  /**
   * By container, what its image resolved to when the revision was made; without those that opt out
   * of version consistency.
   * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerImage.html
   */
  readonly imageDigests: ReadonlyMap<string, string>;
  readonly createdAt: ClockTime;
}
/**
 * The parameters of CreateService and UpdateService that belong to a service revision, as they were
 * given.
 */
export type ServiceRevisionParameters = Readonly<Record<string, unknown>>;

/**
 * Tasks by what DescribeServices calls them: a task that never was RUNNING is pending until it has
 * stopped.
 */
export function countTasks(tasks: Iterable<Task>): { running: number; pending: number } {
  const counts = { running: 0, pending: 0 };
  for (const { lastStatus, desiredStatus } of tasks) {
    if (lastStatus === 'RUNNING') counts.running += 1;
    else if (desiredStatus === 'RUNNING') counts.pending += 1;
  }
  return counts;
}
