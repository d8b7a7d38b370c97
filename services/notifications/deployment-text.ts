import {
  type DeploymentId,
  InvalidIdentifierError,
  parseDeploymentId,
  parseTaskDefinitionArn,
  type TaskDefinitionArn,
} from '../../state-machines/log/identifiers';
import { InvalidNotificationError } from './envelope';
import { memoized } from './memo';

/** The deployment that an event's reason says is starting, null if it names none. AWS's own examples hold a word in its place. */
export function deploymentNamedIn(reason: string): DeploymentId | null {
  const named =
    /rolling back to deployment\S* (ecs-svc\/[\w-]+)/i.exec(reason) ?? /(ecs-svc\/[\w-]+)/.exec(reason);
  return named?.[1] === undefined ? null : parseDeploymentId(named[1]);
}

/** Whether a reason says that ECS is going back: the only sign of it in the event. */
export function saysRollback(reason: string): boolean {
  return /rolling back to deployment/i.test(reason);
}

/** Parses a deployment id that stands in a field; throws InvalidNotificationError naming it. */
export function deploymentFrom(field: string, text: string): DeploymentId {
  try {
    return parseDeploymentId(text);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    throw new InvalidNotificationError(`${field}: ${error.message}`, { cause: error });
  }
}

/** The deployment that a text is the id of; null for anything else, such as the startedBy of a task that somebody ran by hand. */
export function deploymentOrNull(text: string | null | undefined): DeploymentId | null {
  return text?.startsWith('ecs-svc/') && !/\s/.test(text) && text.length > 8 ? (text as DeploymentId) : null;
}

/** A task definition's ARN as far as it is one; null when it is absent or something else. */
export function taskDefinitionOrNull(text: string | null | undefined): TaskDefinitionArn | null {
  return text === null || text === undefined ? null : asTaskDefinition(text).arn;
}

const asTaskDefinition = memoized((text): { readonly arn: TaskDefinitionArn | null } => {
  try {
    return { arn: parseTaskDefinitionArn(text) };
  } catch {
    return { arn: null };
  }
});
