import type { Instant } from '../../log/instant';
import type { OperatorActed } from '../../log/observed-events';

/** Where a watched rollout is: its tasks start, are tested, get the traffic, or have it all. */
export type WatchingState = 'starting' | 'testing' | 'shifting' | 'keeping';

/** How far a rollout that shifts traffic is, as ECS has shown. */
export interface TrafficProgress {
  /** ECS's own stage. */
  readonly stage: string;
  /** The most that the new version has had of the traffic, in percent. */
  readonly test: number;
  readonly production: number;
  /** The PAUSE hooks that waited when ECS was last looked at, by id. */
  readonly hooks: readonly string[];
}

/** A hook that keeps ECS waiting. */
export interface HookWait {
  /** ECS's stage; null where nothing tells. */
  readonly stage: string | null;
  /** Somebody has to answer it; else it runs a function of its own. */
  readonly isPause: boolean;
  readonly since: Instant;
  /** When ECS answers by itself; null where nothing tells. */
  readonly expiresAt: Instant | null;
}

/** A hook that has kept ECS waiting. */
export interface EndedHook {
  readonly hookId: string;
  readonly stage: string | null;
  /** What ECS told of its end, such as HOOK_TIMED_OUT; null: a look at ECS did not show it. */
  readonly found: string | null;
  readonly at: Instant;
}

/** What people, or their pipeline, have said of tests, by name. */
export type TestAnswers = { readonly [test: string]: TestAnswer };

interface TestAnswer extends Pick<OperatorActed, 'by' | 'reason'> {
  readonly result: 'passed' | 'failed';
}

export type HookWaits = { readonly [hookId: string]: HookWait };

/** How far ECS is with a rollout, and what it waits for. */
export interface RolloutProgress {
  readonly state: WatchingState;
  /** ECS's own stage; null where nothing has told. */
  readonly stage: string | null;
  /** The step of the shift of traffic that is under way, from 1 on; null before the first. */
  readonly step: number | null;
  /** How many there are; null where nothing tells. */
  readonly steps: number | null;
  /** What the new version has of the traffic, in percent; null where nothing tells. */
  readonly weight: number | null;
  /** The hook that waits longest for an answer; null where none does. */
  readonly gate: OpenGate | null;
}

interface OpenGate extends Pick<HookWait, 'stage' | 'since' | 'expiresAt'> {
  readonly hookId: string;
}
