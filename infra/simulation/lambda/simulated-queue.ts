import type { SeededRandom } from '../../ecs-simulator/src/ecs-simulator';
import type { InvocationOutcome } from './function-run';
import type { VirtualTime } from './virtual-time';

export interface QueueMessage {
  readonly id: number;
  readonly body: string;
  receiveCount: number;
}

/** What a batch came to: the messages that are to be delivered again. */
type BatchOutcome = InvocationOutcome<ReadonlySet<number>>;

interface SimulatedQueueOptions {
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly invoke: (batch: readonly QueueMessage[]) => Promise<BatchOutcome>;
  readonly batchSize: number;
  readonly maxReceiveCount: number;
  readonly visibilitySeconds: number;
  /** How many batches are in flight at once. */
  readonly concurrency: number;
  /** How likely a message is delivered again although it was handled. */
  readonly duplicates: number;
  /** Told of each message that a function has acknowledged, when it is deleted. */
  readonly onAcknowledged: (body: string) => void;
}

/**
 * A standard queue of SQS and Lambda's mapping from it: batches in no particular order, partial
 * failures, messages that come back when their visibility ends, a dead-letter queue, and redrive.
 */
export class SimulatedQueue {
  readonly #options: SimulatedQueueOptions;
  #waiting: QueueMessage[] = [];
  #deadLetters: QueueMessage[] = [];
  #inFlight = 0;
  #hidden = 0;
  #lastId = 0;

  constructor(options: SimulatedQueueOptions) {
    this.#options = options;
  }

  send(body: string): void {
    this.#lastId += 1;
    this.#waiting.push({ id: this.#lastId, body, receiveCount: 0 });
    this.#poll();
  }

  /** Whether a message waits, is hidden or is being handled; dead letters are left out. */
  get isBusy(): boolean {
    return this.#waiting.length + this.#inFlight + this.#hidden > 0;
  }

  get deadLetters(): number {
    return this.#deadLetters.length;
  }

  /** Moves the dead letters back, in any order, as an operator does once the cause is mended. */
  redrive(): void {
    const { random } = this.#options;
    const letters = this.#deadLetters;
    this.#deadLetters = [];
    while (letters.length > 0) {
      const [letter] = letters.splice(random.integer(0, letters.length - 1), 1);
      if (letter !== undefined) this.#waiting.push({ ...letter, receiveCount: 0 });
    }
    this.#poll();
  }

  /** Lambda polls: what arrives in one moment makes one batch. */
  #poll(): void {
    if (this.#inFlight >= this.#options.concurrency || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, this.#options.batchSize);
    this.#inFlight += 1;
    for (const message of batch) message.receiveCount += 1;
    this.#options.time.after(pollSeconds, () => this.#deliver(batch));
    this.#poll();
  }

  #deliver(batch: readonly QueueMessage[]): void {
    this.#options.invoke(batch).then((outcome) => {
      this.#inFlight -= 1;
      const failed = outcome.kind === 'returned' ? outcome.value : null;
      for (const message of batch) this.#settle(message, failed === null || failed.has(message.id));
      this.#poll();
    });
  }

  #settle(message: QueueMessage, hasFailed: boolean): void {
    const { random, duplicates, onAcknowledged } = this.#options;
    if (!hasFailed) {
      onAcknowledged(message.body);
      if (random.next() < duplicates) this.#hide({ ...message });
    } else if (message.receiveCount < this.#options.maxReceiveCount) this.#hide(message);
    else this.#deadLetters.push(message);
  }

  #hide(message: QueueMessage): void {
    this.#hidden += 1;
    this.#options.time.after(this.#options.visibilitySeconds, () => {
      this.#hidden -= 1;
      this.#waiting.push(message);
      this.#poll();
    });
  }
}

const pollSeconds = 0.05;
