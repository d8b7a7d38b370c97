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
