import type { DeploymentId, TaskDefinitionArn } from './identifiers';

/**
 * A revision of the service to return to. What is null is not known: older logs and raw histories
 * name only task definitions.
 */
export interface WayBack {
  readonly taskDefinition: TaskDefinitionArn;
  /** The deployment that ran it: ECS has one a service revision, and re-uses it on the way back. */
  readonly deployment: DeploymentId | null;
  /** The ARN of the service revision. */
  readonly serviceRevision: string | null;
  /** The digests that ran, by container. */
  readonly images: Images | null;
}

export interface Images {
  readonly [container: string]: string;
}

/** A way back of which only the task definition is known. */
export function namedOnly(taskDefinition: TaskDefinitionArn): WayBack {
  return { taskDefinition, deployment: null, serviceRevision: null, images: null };
}

/** Whether two are the same revision of the service, by the finest that is known of both. */
export function isSameRevision(one: WayBack, other: WayBack): boolean {
  if (one.serviceRevision !== null && other.serviceRevision !== null) {
    return one.serviceRevision === other.serviceRevision;
  }
  if (one.deployment !== null && other.deployment !== null) return one.deployment === other.deployment;
  return one.taskDefinition === other.taskDefinition;
}

/** Whether two sets of images are the same ones; false where either is not known. */
export function haveSameImages(one: Images | null, other: Images | null): boolean {
  if (one === null || other === null) return false;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.every((name) => one[name] === other[name]);
}
