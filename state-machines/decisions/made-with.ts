import type { Instant } from '../log/identifiers';
import type { ObservedService } from '../log/observed-service';
import { type Policy, policyVersion } from '../log/policy';
import { reducerVersion } from '../log/reducer-version';
import type { ServiceState } from '../service/service-state';

/** All that is needed to make the decision again. What is optional is absent from decisions of before it was kept. */
export interface MadeWith {
  readonly reducerVersion: number;
  readonly policyVersion: string;
  readonly eventsSeen: number;
  /** Of the events seen, whatever their order: with their number it tells which ones they were. */
  readonly eventsFingerprint?: number;
  /** The digests of the decisions that were the last ones then. Two that raced name the same. */
  readonly after?: readonly string[];
  /** The decider's time. */
  readonly decidedAt?: Instant;
  /** What ECS showed; absent where it had not been asked. */
  readonly observed?: ObservedService;
}

/** What every decision from this state carries. */
export function madeWith({ eventsSeen, eventsFingerprint, chain }: ServiceState, policy: Policy): MadeWith {
  return {
    reducerVersion,
    policyVersion: policyVersion(policy),
    eventsSeen,
    eventsFingerprint,
    after: chain.ends,
  };
}
