import type { DeploymentId, TaskDefinitionArn } from './identifiers';
import { type Instant, secondsAfter } from './instant';

/** What ECS says of a service at this moment: the second opinion that every decision needs. */
export interface ObservedService {
  /** False when the service is missing, draining or inactive. */
  readonly exists: boolean;
  /** `ECS`, or a controller under which Rewind cannot roll back. */
  readonly controller: string;
  readonly desiredCount: number;
  readonly deploymentConfiguration: { readonly [key: string]: unknown } | null;
  /** The primary one first. */
  readonly deployments: readonly ObservedDeployment[];
  /** The service deployment that ECS works on; null when it works on none. */
  readonly inProgress: { readonly arn: string } | null;
  /** Newest first, the last twenty. */
  readonly serviceDeployments: readonly ObservedServiceDeployment[];
  /**
   * What ECS would go back to by itself: the task definition of its last successful service
   * deployment; null when it has none.
   */
  readonly lastSuccessful: TaskDefinitionArn | null;
  /** The task definitions that older service deployments succeeded with, newest first. */
  readonly earlierSuccessful: readonly TaskDefinitionArn[];
  /** Those of the task definitions asked for that are ACTIVE. */
  readonly active: readonly TaskDefinitionArn[];
}

export interface ObservedDeployment {
  readonly id: DeploymentId;
  readonly taskDefinition: TaskDefinitionArn;
  /** COMPLETED, FAILED, IN_PROGRESS or one not yet known. */
  readonly rolloutState: string;
  readonly runningCount: number;
  readonly createdAt: Instant;
}

interface ObservedServiceDeployment {
  readonly createdAt: Instant;
  /** The way back inside it, over or not; null when it goes or went forward. */
  readonly rollback: ObservedRollback | null;
}

export interface ObservedRollback {
  /**
   * Whether ECS began it of itself (circuit breaker, alarms, hooks); else somebody stopped the
   * service deployment.
   */
  readonly isByEcs: boolean;
}

/** The notification of a start and the service deployment are written by different parts of ECS. */
const apartSeconds = 2;

/**
 * The way back inside the service deployment of a rollout: the last one that was created when the
 * rollout started.
 */
export function wayBackOf(
  { serviceDeployments }: ObservedService,
  startedAt: Instant,
): ObservedRollback | null {
  const latest = secondsAfter(startedAt, apartSeconds);
  return serviceDeployments.find(({ createdAt }) => createdAt <= latest)?.rollback ?? null;
}

/**
 * Whether a service deployment newer than the rollout's own has begun: what the service does now is
 * that one's doing.
 */
export function isOvertaken({ serviceDeployments }: ObservedService, startedAt: Instant): boolean {
  const [newest] = serviceDeployments;
  return newest !== undefined && newest.createdAt > secondsAfter(startedAt, apartSeconds);
}
