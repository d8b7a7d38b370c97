import type { DecisionFact } from '../decision-fact';
import type { Instant } from '../instant';

/** What Rewind decides on a hook at which ECS waits. */
export type GateEvent = GateHeld | GateDecided | GateAnswered | GateOvertaken;

interface GateFact<Type extends string> extends DecisionFact<Type> {
  readonly hookId: string;
  /** ECS's stage. */
  readonly stage: string;
}

/** The answers that ECS takes. */
export const hookActions = ['CONTINUE', 'ROLLBACK'] as const;
export type HookAction = (typeof hookActions)[number];

/**
 * Why Rewind leaves a gate to people: the evidence is not enough, people hold Rewind back, it only
 * observes, nobody can tell whose hook it is, there is nowhere to go back to, ECS refused.
 */
export const holdReasons = ['undecided', 'held', 'observed', 'ambiguous', 'noWayBack', 'refused'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** People are told that a gate waits for them: once for each reason. */
export interface GateHeld extends GateFact<'GateHeld'> {
  readonly reason: HoldReason;
  /** What is missing, a sentence each. */
  readonly missing: readonly string[];
  /** When ECS itself ends the wait; null where it does not say. */
  readonly expiresAt: Instant | null;
}
/** The answer, for good: a hook has one, whoever reaches the log first. */
export interface GateDecided extends GateFact<'GateDecided'> {
  /** The step of the shift of traffic that was under way; null before the first. */
  readonly step: number | null;
  readonly answer: HookAction;
  readonly because: string;
  /** What was judged, a sentence each. */
  readonly judgements: readonly string[];
}
/** ECS accepted the answer. */
export interface GateAnswered extends GateFact<'GateAnswered'> {
  readonly answeredAt: Instant;
  readonly requestId: string | null;
}
/** The hook waits no longer, and no answer of Rewind's is known to have ended it. */
export interface GateOvertaken extends GateFact<'GateOvertaken'> {
  /** The last that ECS told of the hook, such as HOOK_TIMED_OUT; null: it is gone. */
  readonly found: string | null;
}
