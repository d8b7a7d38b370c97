import type { AlarmReading, Reason } from '../log/decided-events';
import type { DeploymentId, EventId, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { Rollout } from './rollout';
import type { TaskLedger } from './task-ledger';

/** A rollout as the fold carries it: everything but its phase and what Rewind recorded on it. */
export interface RolloutContext extends Omit<Rollout, 'phase' | 'recorded'> {
  readonly stable: TaskDefinitionArn | null;
  readonly tasks: TaskLedger;
  /** Alarms in ALARM since before the start, and not OK since: they do not count yet. */
  readonly raisedBeforeStart: readonly string[];
  /** What the policy's alarms showed at the last end of a bake; null before the first. */
  readonly alarmCheck: { readonly at: Instant; readonly alarms: readonly AlarmReading[] } | null;
  /** A bake is extended once, when something that counts gave no answer at its end. */
  readonly isBakeExtended: boolean;
  /** Started while this rollout was rolled back, and not yet known to be the way back or newer. */
  readonly successor: DeploymentId | null;
  /** Whether it passed with a task that ran: then its task definition is proven. */
  readonly isProven: boolean;
  /** What moved the rollout into its phase. */
  readonly transitionCause: TransitionCause;
}

export interface TransitionCause {
  readonly reason: Reason;
  readonly at: Instant;
  readonly eventId: EventId;
}

/** What a signal changes of a rollout. */
export type ContextChange = Partial<RolloutContext>;
