import { type EcsDeploymentConfiguration, taskLimits } from '../configuration/deployment-configuration';
import { primaryOf, type Service } from '../model/service';
import { currentServiceDeployment, isStaged, type ServiceDeployment } from '../model/service-deployment';
import { isWanted } from '../model/task';
import type { World } from '../model/world';
import { isRolledOut, isScaledUp } from './rolling-plan';

/**
 * Whether enough new tasks are healthy for an early success, and the old ones gone where they have
 * to be. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
 */
function hasEarlySuccess(service: Service): boolean {
  if (!meetsEarlySuccess(service)) return false;
  const isDeferred =
    service.deploymentConfiguration.earlySuccessCriteria?.sourceServiceRevisionCleanup === 'DEFERRED';
  return isDeferred || service.deployments.slice(1).every(({ tasks }) => tasks.size === 0);
}

function meetsEarlySuccess(service: Service): boolean {
  const criteria = service.deploymentConfiguration.earlySuccessCriteria;
  const serviceDeployment = currentServiceDeployment(service);
  // A rollback is not what the criteria are about.
  if (!criteria?.enable || serviceDeployment?.status !== 'IN_PROGRESS') return false;
  const wanted = taskLimits({ minimumHealthyPercent: criteria.healthyPercent }, service.desiredCount);
  const healthy = [...primaryOf(service).tasks].filter((task) => isWanted(task) && task.isHealthy);
  return healthy.length >= wanted.minimumHealthy;
}

/**
 * Tasks of older deployments that nothing keeps any more, since early success asks for their
 * removal before the end.
 */
export function isCleaningUpEarly(service: Service): boolean {
  const criteria = service.deploymentConfiguration.earlySuccessCriteria;
  return criteria?.sourceServiceRevisionCleanup === 'BLOCKING' && meetsEarlySuccess(service);
}

/**
 * Whether tasks and traffic are where the deployment wants them, so that nothing but its bake can
 * be left.
 */
export function hasArrived(service: Service): boolean {
  const serviceDeployment = currentServiceDeployment(service);
  if (serviceDeployment === null) return isRolledOut(service);
  if (serviceDeployment.isShiftingBack) return false;
  const isForward = serviceDeployment.status === 'IN_PROGRESS';
  if (isForward && isStaged(serviceDeployment) && serviceDeployment.lifecycleStage !== 'CLEAN_UP')
    return false;
  return isRolledOut(service) || hasEarlySuccess(service);
}

/** Whether the target of a blue/green deployment stands, so that traffic can follow. */
export function isReadyForTraffic(serviceDeployment: ServiceDeployment): boolean {
  return serviceDeployment.lifecycleStage === 'SCALE_UP' && isScaledUp(serviceDeployment.service);
}

/**
 * How long a rolling deployment bakes. Where no bake time is given, ECS works one out from the
 * alarms, "less than 5 minutes": here the longest time that one of them takes to be raised.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export function rollingBakeSeconds(world: World, serviceDeployment: ServiceDeployment): number {
  const { configuration, status } = serviceDeployment;
  if (status !== 'IN_PROGRESS' || isStaged(serviceDeployment)) return 0;
  if (configuration.bakeTimeInMinutes !== undefined) return configuration.bakeTimeInMinutes * 60;
  return configuration.alarms?.enable ? computedBakeSeconds(world, configuration) : 0;
}

const longestComputedBakeSeconds = 299;

function computedBakeSeconds(world: World, { alarms }: EcsDeploymentConfiguration): number {
  const times = (alarms?.alarmNames ?? []).map((name) => world.alarms.secondsToRaise(name));
  return Math.min(longestComputedBakeSeconds, Math.max(0, ...times));
}
