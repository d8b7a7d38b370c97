import type { Brand, DeploymentId } from './identifiers';
import type { Instant } from './instant';

/**
 * What identifies a rollout. ECS re-uses deployment ids, so the instant of its start belongs to it.
 */
export interface RolloutId {
  readonly deployment: DeploymentId;
  readonly startedAt: Instant;
}

/**
 * `deployment@startedAt`: the rollout's identity as text, for maps and for the keys of decisions.
 */
export type RolloutKey = Brand<string, 'RolloutKey'>;

/** The key of a rollout; equal for equal rollouts. */
export function rolloutKey({ deployment, startedAt }: RolloutId): RolloutKey {
  return `${deployment}@${startedAt}` as RolloutKey;
}
