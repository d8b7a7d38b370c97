import {
  type DeploymentId,
  InvalidIdentifierError,
  parseDeploymentId,
  parseTaskDefinitionArn,
  type TaskDefinitionArn,
} from '../../state-machines/log/identifiers';
import { InvalidNotificationError } from './parse-part';

/**
 * The deployment that starts, as an event's reason names it; null if it names none. AWS's own
 * examples hold a word in its place.
 */
export function deploymentNamedIn(reason: string): DeploymentId | null {
  const named =
    /rolling back to deployment\S* (ecs-svc\/[\w-]+)/i.exec(reason) ?? /(ecs-svc\/[\w-]+)/.exec(reason);
  return named?.[1] === undefined ? null : parseDeploymentId(named[1]);
}

/** Whether a reason says that ECS rolls back: the event has no other sign of it. */
function saysRollback(reason: string): boolean {
  return /rolling back to deployment/i.test(reason);
}

/** How ECS begins the reason when it goes back because somebody stopped the service deployment. */
const afterStop = /^ECS deployment stopped\b/i;

/** What the reason of a start says of it, as the event holds it. */
export function startFactsOf(reason: string) {
  const isRollback = saysRollback(reason);
  return { isRollback, ...(isRollback && afterStop.test(reason) ? { isAfterStop: true as const } : {}) };
}

/** Parses the deployment id in a field; throws InvalidNotificationError naming the field. */
export function deploymentFrom(field: string, text: string): DeploymentId {
  try {
    return parseDeploymentId(text);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    throw new InvalidNotificationError(`${field}: ${error.message}`, { cause: error });
  }
}

/**
 * A deployment id; null for any other text, such as the `startedBy` of a task that a person ran.
 */
export function deploymentOrNull(text: string | null | undefined): DeploymentId | null {
  if (text === null || text === undefined) return null;
  try {
    return parseDeploymentId(text);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    return null;
  }
}

/** A task definition's ARN; null when it is absent or something else. */
export function taskDefinitionOrNull(text: string | null | undefined): TaskDefinitionArn | null {
  if (text === null || text === undefined) return null;
  try {
    return parseTaskDefinitionArn(text);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    return null;
  }
}
