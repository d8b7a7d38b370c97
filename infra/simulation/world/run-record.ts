import type { RecordedEvent, StoredSnapshot } from '../../../services/event-log/event-log';
import type { PolicyFile } from '../../../services/policy/policy-file';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import { isDecided } from '../../../state-machines/log/events';
import type { Instant } from '../../../state-machines/log/instant';
import type { Notification } from '../../ecs-simulator/src/ecs-simulator';
import type { Plan } from './plan';

/** Who made ECS start a rollout: by a call, or ECS of itself. */
export type Starter = 'people' | 'rewind' | 'ecs';

/** A rollout as ECS itself had it. */
export interface TrueRollout {
  readonly deployment: string;
  readonly taskDefinition: string;
  readonly startedAt: Instant;
  readonly starter: Starter;
  /** Whether it takes the service back to a deployment or revision from before. */
  readonly isBack: boolean;
}

/** A call of Rewind's that changed what the service runs. */
export interface EffectiveWrite {
  readonly operation: string;
  readonly at: Instant;
  /** The rollout that it ended. */
  readonly ended: TrueRollout;
  /** What the service is on its way to since. */
  readonly target: string;
  /** When the same process last learnt what was deployed. */
  readonly lookedAt: Instant | null;
  /** Since when the kill switch was thrown; null when it was not. */
  readonly switchThrownAt: Instant | null;
}

/** An append, and what it answered. */
export interface AppendAnswer {
  readonly recorded: RecordedEvent;
  readonly answer: 'appended' | 'duplicate';
  /** The time of the account, whatever the machine's clock showed. */
  readonly at: Instant;
}

/** All that happened in a run, for oracles that know none of the code. */
export interface RunRecord {
  readonly plan: Plan;
  readonly policies: PolicyFile;
  readonly startedAt: Instant;
  /** From when on Rewind was there. */
  readonly installedAt: Instant;
  /** From when on nothing was done and nothing went wrong any more. */
  readonly quietAt: Instant;
  readonly endedAt: Instant;
  readonly log: readonly RecordedEvent[];
  readonly appends: readonly AppendAnswer[];
  readonly snapshot: StoredSnapshot | null;
  readonly rollouts: readonly TrueRollout[];
  readonly writes: readonly EffectiveWrite[];
  /** Calls of Rewind's that asked for a change, whether they made one or not. */
  readonly writeCalls: number;
  readonly emitted: readonly Notification[];
  /** What a function took off the queue, with the instant. */
  readonly acknowledged: readonly { readonly body: string; readonly at: Instant }[];
  readonly announcements: readonly { readonly detail: Record<string, unknown>; readonly at: Instant }[];
  readonly ecsCalls: number;
  readonly reconciles: number;
}

export function decisionsIn({ log }: Pick<RunRecord, 'log'>): readonly RecordedDecision[] {
  return log.filter((recorded): recorded is RecordedDecision => isDecided(recorded.event));
}

interface RecordedDecision extends RecordedEvent {
  readonly event: DecidedEvent;
}
