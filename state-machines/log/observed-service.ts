import type { DeploymentId, TaskDefinitionArn } from './identifiers';
import { type Instant, secondsAfter } from './instant';
import type { ObservedStage } from './traffic/observed-stage';
import { namedOnly, type WayBack } from './way-back';

/** What ECS says of a service at this moment: the second opinion that every decision needs. */
export interface ObservedService {
  /** False when the service is missing, draining or inactive. */
  readonly exists: boolean;
  /** `ECS`, or a controller under which Rewind cannot roll back. */
  readonly controller: string;
  readonly desiredCount: number;
  readonly deploymentConfiguration: { readonly [key: string]: unknown } | null;
  /**
   * How long each shift of traffic takes beside its bakes; absent: no time to speak of, or the log
   * is older.
   */
  readonly trafficShiftSeconds?: number;
  /** The primary one first. */
  readonly deployments: readonly ObservedDeployment[];
  /** The service deployment that ECS works on; null when it works on none. */
  readonly inProgress: InProgress | null;
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
  /**
   * Those of the task definitions asked for that are not ACTIVE and can be copied yet; absent where
   * there is none. Older logs hold neither this nor what follows.
   */
  readonly inactive?: readonly TaskDefinitionArn[];
  /** The service revision of `lastSuccessful`. */
  readonly candidate?: string;
  /** The candidate, what the newest service deployment brings, and what is asked for. */
  readonly revisions?: readonly ObservedRevision[];
}

/** A service revision as DescribeServiceRevisions shows it. */
export interface ObservedRevision extends WayBack {
  readonly serviceRevision: string;
  /**
   * A tag of its images points to another image now, as a newer service revision shows; absent
   * where none shows that.
   */
  readonly hasMoved?: true;
}

interface InProgress {
  readonly arn: string;
  /** A newer one has ended already. Absent where this is the newest, and in older logs. */
  readonly isOlder?: true;
  /** Absent where ECS shifts no traffic, or goes back, and in older logs. */
  readonly stage?: ObservedStage;
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
  /** The service revision that it brings, or brought; absent in older logs. */
  readonly serviceRevision?: string;
}

export interface ObservedRollback {
  /**
   * Whether ECS began it of itself (circuit breaker, alarms, hooks); else somebody stopped the
   * service deployment.
   */
  readonly isByEcs: boolean;
  /** The service revision that it goes back to; absent where ECS does not say. */
  readonly serviceRevision?: string;
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
  return ownServiceDeployment(serviceDeployments, startedAt)?.rollback ?? null;
}

/** The last service deployment that was created when the rollout started. */
function ownServiceDeployment(
  serviceDeployments: ObservedService['serviceDeployments'],
  startedAt: Instant,
): ObservedServiceDeployment | undefined {
  const latest = secondsAfter(startedAt, apartSeconds);
  return serviceDeployments.find(({ createdAt }) => createdAt <= latest);
}

/**
 * The ARN of the service deployment that a rollout began, while ECS works on it. Null where ECS
 * works on another one, or on none: a call that names this ARN can stop nobody else's.
 */
export function ownInProgress(observed: ObservedService, startedAt: Instant): string | null {
  return ownStage(observed, startedAt)?.arn ?? null;
}

/** The service deployment that a rollout began, while ECS works on it, and its stage. */
export function ownStage(observed: ObservedService, startedAt: Instant): InProgress | null {
  const { inProgress } = observed;
  return inProgress === null || inProgress.isOlder || isOvertaken(observed, startedAt) ? null : inProgress;
}

/** The service revision that a rollout brings, where ECS shows it. */
export function shownRevisionOf(
  { serviceDeployments, revisions = [] }: ObservedService,
  { startedAt, isRollback }: { readonly startedAt: Instant; readonly isRollback: boolean },
): ObservedRevision | undefined {
  const own = ownServiceDeployment(serviceDeployments, startedAt);
  const goingBackTo = isRollback ? own?.rollback?.serviceRevision : undefined;
  return revisionNamed(revisions, goingBackTo ?? own?.serviceRevision ?? null);
}

/** What ECS would go back to by itself, as far as it shows that. */
export function ownCandidate({ revisions = [], candidate, lastSuccessful }: ObservedService): WayBack | null {
  const shown = revisionNamed(revisions, candidate ?? null);
  return shown ?? (lastSuccessful === null ? null : namedOnly(lastSuccessful));
}

function revisionNamed(revisions: readonly ObservedRevision[], arn: string | null) {
  return revisions.find(({ serviceRevision }) => serviceRevision === arn);
}

/** A way back with all that ECS shows of it. */
export function inFull(observed: ObservedService, wayBack: WayBack): WayBack {
  const shown = shownRevision(observed, wayBack);
  if (shown === undefined) return wayBack;
  return {
    taskDefinition: wayBack.taskDefinition,
    deployment: wayBack.deployment ?? shown.deployment,
    serviceRevision: shown.serviceRevision,
    images: wayBack.images ?? shown.images,
  };
}

/** Whether a tag of its images is known to point to another image now. */
export function hasMoved(observed: ObservedService, wayBack: WayBack): boolean {
  return shownRevision(observed, wayBack)?.hasMoved === true;
}

/** Where only its task definition is known, the newest of the revisions that run it. */
function shownRevision(
  { revisions = [] }: ObservedService,
  { taskDefinition, deployment, serviceRevision }: WayBack,
): ObservedRevision | undefined {
  if (serviceRevision !== null) return revisionNamed(revisions, serviceRevision);
  const running = revisions.filter((one) => one.taskDefinition === taskDefinition);
  if (deployment === null) return running[0];
  return (
    running.find((one) => one.deployment === deployment) ?? running.find((one) => one.deployment === null)
  );
}

/**
 * Whether a service deployment newer than the rollout's own has begun: what the service does now is
 * that one's doing.
 */
export function isOvertaken({ serviceDeployments }: ObservedService, startedAt: Instant): boolean {
  const [newest] = serviceDeployments;
  return newest !== undefined && isEarlier(startedAt, newest.createdAt);
}

/** Whether one instant lies before another by more than ECS's own clocks are apart. */
export function isEarlier(one: Instant, other: Instant): boolean {
  return secondsAfter(one, apartSeconds) < other;
}
