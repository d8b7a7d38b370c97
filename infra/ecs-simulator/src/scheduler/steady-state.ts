import { addMessage, primaryOf, type Service } from '../model/service';
import type { Task } from '../model/task';
import { runAfter, type World } from '../model/world';
import { notifyServiceAction } from '../notifications/service-notification';
import { durations } from '../tasks/durations';
import { throttleStarts } from '../tasks/start-throttle';
import { serviceMessages } from './service-messages';

/** Says that the service is steady: once, and again every six hours for as long as it stays so. */
export function enterSteadyState(world: World, service: Service): void {
  if (service.steadyState !== null) return;
  service.knownProblem = null;
  addMessage(world, service, serviceMessages.steady);
  notifyServiceAction(world, service, { eventName: 'SERVICE_STEADY_STATE' });
  service.steadyState = runAfter(world, durations.steadyStateRepetition, () => {
    service.steadyState = null;
    enterSteadyState(world, service);
  });
}

export function leaveSteadyState(service: Service): void {
  service.steadyState?.();
  service.steadyState = null;
}

/** Tells a problem, once until the service has been steady again. Returns whether it was news. */
function tellProblem(world: World, service: Service, problem: string): boolean {
  if (service.knownProblem === problem) return false;
  service.knownProblem = problem;
  addMessage(world, service, problem);
  return true;
}

/**
 * Slows the starts of a deployment down after a task that never reached RUNNING, and tells of it.
 */
export function slowDown(world: World, task: Task): void {
  if (task.owner === null) return;
  const { service, deployment } = task.owner;
  tellProblem(world, service, serviceMessages.unplaced(task.stop?.stoppedReason ?? ''));
  const isNewRound = throttleStarts(deployment, task, world.clock.now());
  if (!isNewRound || deployment.startThrottle.failedRounds !== 2) return;
  addMessage(world, service, serviceMessages.impaired);
  notifyServiceAction(world, service, { eventName: 'SERVICE_TASK_START_IMPAIRED' });
}

/**
 * Says that there is nowhere to put a task: the fault of the platform, not of the task definition.
 */
export function tellUnplaced(world: World, service: Service): void {
  if (!tellProblem(world, service, serviceMessages.unplaced(serviceMessages.noCapacity))) return;
  notifyServiceAction(world, service, {
    eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
    reason: 'RESOURCE:FARGATE',
  });
}

/** Says that minimum and maximum percent leave no way to go on. */
export function tellBlocked(world: World, service: Service): void {
  const primary = primaryOf(service);
  if (primary.isKnownBlocked) return;
  primary.isKnownBlocked = true;
  addMessage(world, service, serviceMessages.blocked);
}
