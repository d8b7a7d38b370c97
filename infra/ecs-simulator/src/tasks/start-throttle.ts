import { type ClockTime, laterBy } from '../foundation/clock';
import type { Deployment } from '../model/deployment';
import type { Task } from '../model/task';

/**
 * Chosen so that three tries take about the 12 minutes that a missing image was seen to take; the
 * cap is AWS's.
 */
const firstWaitSeconds = 180;
const longestWaitSeconds = 27 * 60;

/**
 * Slows a deployment down after a task that stopped without having reached RUNNING, and says
 * whether that opened a new round of failures. Tasks that ran are never throttled.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
export function throttleStarts(deployment: Deployment, task: Task, now: ClockTime): boolean {
  const throttle = deployment.startThrottle;
  // Tasks that were started together fail together: that is one try, not several.
  if (throttle.since !== null && task.createdAt < throttle.since) return false;
  throttle.failedRounds += 1;
  throttle.since = now;
  const seconds = Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** (throttle.failedRounds - 1));
  throttle.until = laterBy(now, seconds);
  return true;
}

export function clearThrottle(deployment: Deployment): void {
  Object.assign(deployment.startThrottle, { failedRounds: 0, since: null, until: null });
}

/** When the deployment may start tasks again; null when it may now. */
export function throttledUntil(deployment: Deployment, now: ClockTime): ClockTime | null {
  const { until } = deployment.startThrottle;
  return until !== null && until > now ? until : null;
}
