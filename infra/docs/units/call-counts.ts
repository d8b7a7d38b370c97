import type { Position } from '../../../state-machines/log/position';
import {
  type Caller,
  EcsSimulator,
  type EcsSimulatorOptions,
  throttlingCategoryOf,
} from '../../ecs-simulator/src/ecs-simulator';
import { matchesEventPattern } from '../../local/aws/bus/event-patterns';
import { streamMappingOf } from '../../local/aws/declared/deployed-functions';

/** What was asked for beside DynamoDB, in numbers. */
export interface Counts {
  /** Calls of Rewind by what AWS throttles them by. */
  readonly calls: { readonly [bucket: string]: number };
  readonly notifications: number;
  readonly notificationBytes: number;
  readonly reconciles: number;
  /** Decisions that the announcer tells. */
  readonly told: number;
}

const none: Counts = { calls: {}, notifications: 0, notificationBytes: 0, reconciles: 0, told: 0 };

/** Counts on from the last `take`. */
export class CallCounts {
  #counts: Counts = none;

  addCall(operation: string): void {
    const { calls } = this.#counts;
    const bucket = throttlingCategoryOf(operation) ?? operation;
    this.#counts = { ...this.#counts, calls: { ...calls, [bucket]: (calls[bucket] ?? 0) + 1 } };
  }

  addNotification(text: string): void {
    const { notifications, notificationBytes } = this.#counts;
    this.#counts = {
      ...this.#counts,
      notifications: notifications + 1,
      notificationBytes: notificationBytes + Buffer.byteLength(text),
    };
  }

  addReconcile(): void {
    this.#counts = { ...this.#counts, reconciles: this.#counts.reconciles + 1 };
  }

  /** An event that is new in the log; told, if the announcer's stream lets it through. */
  addAppended(position: Position): void {
    const record = { eventName: 'INSERT', dynamodb: { Keys: { position: { S: position } } } };
    const { filterPatterns } = streamMappingOf('announcer');
    const isTold = filterPatterns.some((pattern) => matchesEventPattern(pattern, record));
    if (isTold) this.#counts = { ...this.#counts, told: this.#counts.told + 1 };
  }

  take(): Counts {
    const counts = this.#counts;
    this.#counts = none;
    return counts;
  }
}

/** A simulated ECS that counts what Rewind asks of it, reads too. */
export class CountedEcs extends EcsSimulator {
  readonly #counts: CallCounts;

  constructor(options: EcsSimulatorOptions, counts: CallCounts) {
    super(options);
    this.#counts = counts;
  }

  override call(operation: string, input: unknown, caller: Caller): Record<string, unknown> {
    if (caller.accessKeyId === 'rewind') this.#counts.addCall(operation);
    return super.call(operation, input, caller);
  }
}
