import type { Instant } from '../instant';

/** How far ECS is with a deployment that shifts traffic, as DescribeServiceDeployments shows it. */
export interface ObservedStage {
  /** One of ECS's own stages, or one not yet known. */
  readonly stage: string;
  /** The target's share of the traffic, in percent; null where ECS does not say. */
  readonly test: number | null;
  readonly production: number | null;
  /** The PAUSE hooks of the stage that wait for somebody's answer. */
  readonly hooks: readonly OpenHook[];
}

/** A hook that waits for an answer. */
export interface OpenHook {
  readonly hookId: string;
  /** When ECS answers by itself; null where it does not say. */
  readonly expiresAt: Instant | null;
  /** What ECS answers then: CONTINUE, ROLLBACK or one not yet known; null where it does not say. */
  readonly timeoutAction: string | null;
}
