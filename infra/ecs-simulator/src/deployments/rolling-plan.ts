import { taskLimits } from '../configuration/deployment-configuration';
import { primaryOf, type Service } from '../model/service';
import type { DeploymentStage } from '../model/service-deployment';
import { isWanted, type Task } from '../model/task';

/** What a rolling update does next. */
export interface RollingPlan {
  /** How many tasks of the PRIMARY deployment to start. */
  readonly start: number;
  readonly stop: readonly Task[];
  /** Whether minimum and maximum percent leave no way to go on, ever. */
  readonly isBlocked: boolean;
}

/**
 * Plans the next step towards the desired count with tasks of the PRIMARY deployment only, within
 * minimumHealthyPercent and maximumPercent; `removesOld`: without those that are left of older
 * ones. Pure. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function planRolling(service: Service, { removesOld = false } = {}): RollingPlan {
  const primary = primaryOf(service);
  // A failed deployment launches nothing any more; what still runs stays, or the service would be
  // left with nothing.
  if (primary.rolloutState === 'FAILED') return { start: 0, stop: [], isBlocked: false };
  const limits = taskLimits(service.deploymentConfiguration, service.desiredCount);
  const current = [...primary.tasks].filter(isWanted);
  const outgoing = service.deployments
    .filter((deployment) => deployment !== primary)
    .flatMap((deployment) => [...deployment.tasks].filter(isWanted));

  const missing = Math.max(0, service.desiredCount - current.length);
  const unhealthyOutgoing = outgoing.filter((task) => !task.isHealthy);
  const healthyOutgoing = outgoing.filter((task) => task.isHealthy);
  const room = Math.max(0, limits.maximum - current.length - healthyOutgoing.length);
  const stoppable = stoppableCount({
    healthy: current.filter((task) => task.isHealthy).length + healthyOutgoing.length,
    desired: service.desiredCount,
    minimum: limits.minimumHealthy,
    lacking: missing - room,
  });
  const isWaiting = current.some((task) => !task.isHealthy);
  return {
    start: Math.min(missing, room),
    stop: [
      ...unhealthyOutgoing,
      ...healthyOutgoing.slice(0, removesOld ? healthyOutgoing.length : stoppable),
      ...excessOf(current, service.desiredCount),
    ],
    isBlocked: missing > 0 && room === 0 && stoppable === 0 && unhealthyOutgoing.length === 0 && !isWaiting,
  };
}

/**
 * How many healthy tasks of older deployments can go: those beyond the desired count, or as many as
 * the new ones lack room.
 */
function stoppableCount(count: {
  healthy: number;
  desired: number;
  minimum: number;
  lacking: number;
}): number {
  const wanted = Math.max(count.healthy - count.desired, count.lacking);
  return Math.max(0, Math.min(count.healthy - count.minimum, wanted));
}

/** Those beyond the desired count: the ones that are not healthy yet first, then the oldest. */
function excessOf(tasks: readonly Task[], desiredCount: number): readonly Task[] {
  const surplus = tasks.length - desiredCount;
  if (surplus <= 0) return [];
  return [...tasks.filter((task) => !task.isHealthy), ...tasks.filter((task) => task.isHealthy)].slice(
    0,
    surplus,
  );
}

/**
 * The plan of a deployment that shifts traffic: all new tasks beside the old ones, and of these
 * none is stopped before the end. Pure.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export function planStaged(service: Service, stage: DeploymentStage | null): RollingPlan {
  const primary = primaryOf(service);
  if (stage === null || primary.rolloutState === 'FAILED') return { start: 0, stop: [], isBlocked: false };
  const isBeforeScaleUp = stage === 'RECONCILE_SERVICE' || stage === 'PRE_SCALE_UP';
  const current = [...primary.tasks].filter(isWanted);
  return {
    start: isBeforeScaleUp ? 0 : Math.max(0, service.desiredCount - current.length),
    stop: [...excessOf(current, service.desiredCount), ...supersededTasks(service)],
    isBlocked: false,
  };
}

/**
 * Those of older deployments that do not have the production traffic: of several revisions, one is
 * the source.
 */
function supersededTasks(service: Service): Task[] {
  const older = service.deployments.slice(1);
  const source = older.find((deployment) => deployment === service.lastCompleted) ?? older[0];
  return older
    .filter((deployment) => deployment !== source)
    .flatMap((deployment) => [...deployment.tasks].filter(isWanted));
}

/** Whether the PRIMARY deployment has all the tasks it wants, healthy. */
export function isScaledUp(service: Service): boolean {
  const current = [...primaryOf(service).tasks].filter(isWanted);
  return current.length === service.desiredCount && current.every((task) => task.isHealthy);
}

/**
 * Whether only healthy tasks of the PRIMARY deployment are left, as many as desired: ECS calls the
 * deployment complete then.
 */
export function isRolledOut(service: Service): boolean {
  const primary = primaryOf(service);
  return (
    isScaledUp(service) &&
    service.deployments.every((deployment) => deployment === primary || deployment.tasks.size === 0)
  );
}
