import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

interface QueueOptions {
  /** The function that reads the queue: what it throws, or names as failed, is delivered again. */
  readonly invoke: (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;
  readonly batchSize: number;
  /** Deliveries of one message, before it goes to the dead letters. */
  readonly maxReceiveCount: number;
  readonly redeliverAfterMilliseconds?: number;
}

/** A message that could not be handled, and how often it was tried. */
export interface DeadLetter {
  readonly body: string;
  readonly receiveCount: number;
}

/**
 * A queue in memory, with the function that reads it: Lambda's mapping from SQS, a few batches at a
 * time where many messages wait.
 */
interface Queue {
  send(body: string): void;
  readonly deadLetters: readonly DeadLetter[];
  /** How many messages are not handled yet, dead letters left out. */
  readonly unhandled: number;
  /** Resolves when every message sent so far has been handled or is a dead letter. */
  drained(): Promise<void>;
  /** Waits for the batch in flight; messages that still wait are dropped. */
  stop(): Promise<void>;
}

/** Of the twenty that are deployed: one machine has few processors. */
const batchesAtOnce = 4;

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receiveCount: number;
}

export function startQueue(options: QueueOptions): Queue {
  return new MemoryQueue(options);
}

class MemoryQueue implements Queue {
  readonly deadLetters: DeadLetter[] = [];
  readonly #options: QueueOptions;
  readonly #waiting: Message[] = [];
  readonly #stopping = new AbortController();
  readonly #runs = new Set<Promise<void>>();
  /** How many take batches now; none while nothing waits. */
  #takers = 0;
  #inFlight = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  send(body: string): void {
    if (this.#stopping.signal.aborted) throw new Error('the queue is stopped');
    this.#waiting.push({ id: randomUUID(), body, sentAt: Date.now(), receiveCount: 0 });
    const isEnough = this.#takers * this.#options.batchSize >= this.#waiting.length;
    if (!isEnough && this.#takers < batchesAtOnce) this.#addTaker();
  }

  get unhandled(): number {
    return this.#waiting.length + this.#inFlight;
  }

  async drained(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.drained();
  }

  #addTaker(): void {
    this.#takers += 1;
    const run = this.#deliverAll().finally(() => this.#runs.delete(run));
    this.#runs.add(run);
  }

  async #deliverAll(): Promise<void> {
    // The sender goes on first, so that what it sends in one go makes one batch.
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      const batch = this.#waiting.splice(0, this.#options.batchSize);
      this.#inFlight += batch.length;
      const failed = await this.#deliver(batch);
      this.#inFlight -= batch.length;
      if (failed.length > 0) await this.#putBack(failed);
    }
    this.#takers -= 1;
  }

  /**
   * The messages that failed: those that the function names, or all when it throws or names one
   * that is not in the batch.
   */
  async #deliver(batch: readonly Message[]): Promise<readonly Message[]> {
    for (const message of batch) message.receiveCount += 1;
    try {
      const answer = await this.#options.invoke({ Records: batch.map(recordOf) });
      const failed = new Set(answer?.batchItemFailures.map((failure) => failure.itemIdentifier));
      const named = batch.filter((message) => failed.has(message.id));
      return named.length === failed.size ? named : batch;
    } catch {
      return batch;
    }
  }

  async #putBack(failed: readonly Message[]): Promise<void> {
    for (const message of failed) {
      const { body, receiveCount } = message;
      if (receiveCount < this.#options.maxReceiveCount) this.#waiting.push(message);
      else this.deadLetters.push({ body, receiveCount });
    }
    if (this.#waiting.length >= this.#options.batchSize) return;
    const { signal } = this.#stopping;
    await delay(this.#options.redeliverAfterMilliseconds ?? 50, undefined, { signal }).catch(() => {});
  }
}

function recordOf({ id, body, sentAt, receiveCount }: Message): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      SenderId: 'events.amazonaws.com',
      ApproximateFirstReceiveTimestamp: String(sentAt),
    },
    messageAttributes: {},
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:notifications',
    awsRegion: 'us-east-1',
  };
}
