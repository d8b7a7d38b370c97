import type { FailureClass, TaskClass } from './stopped-task';

/** What a rollout's tasks have shown so far: counts, and the first failures for people to read. Bounded in space. */
export interface Evidence {
  readonly started: number;
  /** Tasks that reached RUNNING. */
  readonly ran: number;
  readonly failed: number;
  /** Stopped tasks by class; classes that were not seen are absent. */
  readonly byClass: { readonly [taskClass in TaskClass]?: number };
  /** At most three. */
  readonly firstFailures: readonly FirstFailure[];
  /** Service actions that report trouble (placement, throttling …), by eventName. */
  readonly impairments: { readonly [eventName: string]: number };
}

export interface FirstFailure {
  readonly task: string;
  readonly taskClass: FailureClass;
  readonly reason: string;
}
