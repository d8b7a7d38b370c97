import type { Instant } from './instant';
import type { Fact } from './observed-events';
import type { ObservedService } from './observed-service';
import type { RolloutId } from './rollout-id';

/** What every decision carries: the rollout it is about and what it was made with. */
export interface DecisionFact<Type extends string> extends Fact<Type>, RolloutId {
  readonly madeWith: MadeWith;
  /**
   * SHA-256 over the rest of the decision, given by the log at its append. Absent before that, and
   * in logs older than digests.
   */
  readonly digest?: string;
}

/** All that is needed to make the decision again. Older decisions lack the optional fields. */
export interface MadeWith {
  readonly reducerVersion: number;
  readonly policyVersion: string;
  readonly eventsSeen: number;
  /** Of the events seen, in any order: with their number it says which ones they were. */
  readonly eventsFingerprint?: number;
  /** The digests of the decisions that were the last ones then. Two that raced name the same. */
  readonly after?: readonly string[];
  /** The decider's time. */
  readonly decidedAt?: Instant;
  /** What ECS showed; absent where it had not been asked. */
  readonly observed?: ObservedService;
}
