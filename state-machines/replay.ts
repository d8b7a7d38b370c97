import type { RewindEvent } from './events';
import type { Instant } from './identifiers';
import type { Policy } from './policy';
import type { Rollout } from './rollout';

export interface ReplayOptions {
  /** Holds for every rollout that no recorded opening gives another. */
  readonly policy: Policy;
  /** Deadlines are taken to have passed up to this instant. */
  readonly until: Instant;
}

/** Folds one service's events, in any order and with duplicates, into every rollout they tell of, in order of their start. Pure. */
export function replay(_events: readonly RewindEvent[], _options: ReplayOptions): Rollout[] {
  throw new Error('not written yet');
}
