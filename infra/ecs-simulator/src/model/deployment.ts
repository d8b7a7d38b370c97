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
  /**
   * Whether its tasks are in the alternate target group: each deployment that shifts traffic uses
   * the group that the one before does not.
   */
  readonly usesAlternate: boolean;
}

interface RevisionLoadBalancer {
  readonly targetGroupArn?: string;
  readonly containerPort?: number;
  readonly advancedConfiguration?: {
    readonly alternateTargetGroupArn?: string;
    readonly productionListenerRule?: string;
  };
}

/** Where a load balancer finds the tasks of a service revision. */
interface RevisionTargetGroup {
  readonly arn: string;
  readonly port: number;
  readonly productionListenerRule: string | undefined;
}

/** The target groups that the tasks of a service revision are registered in. */
export function targetGroupsOf({ parameters, usesAlternate }: ServiceRevision): RevisionTargetGroup[] {
  const { loadBalancers = [] } = parameters as { loadBalancers?: readonly RevisionLoadBalancer[] };
  return loadBalancers.flatMap(({ targetGroupArn, containerPort: port = 80, advancedConfiguration }) => {
    const alternate = usesAlternate ? advancedConfiguration?.alternateTargetGroupArn : undefined;
    const arn = alternate ?? targetGroupArn;
    const productionListenerRule = advancedConfiguration?.productionListenerRule;
    return arn === undefined ? [] : [{ arn, port, productionListenerRule }];
  });
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
