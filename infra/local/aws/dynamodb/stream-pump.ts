import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { matchesEventPattern } from '../bus/event-patterns';
import type { StreamMapping } from '../declared/deployed-functions';
import type { LocalDynamoDb } from './dynamodb';
import { type StreamRecord, StreamShards } from './stream-shards';

interface StreamPumpOptions {
  readonly dynamoDb: Pick<LocalDynamoDb, 'endpoint' | 'streamArn'>;
  /** Batch size, filter and retries: streamMappingOf('reconciler') is what is deployed. */
  readonly mapping: StreamMapping;
  readonly invoke: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse | undefined>;
  readonly pollMilliseconds?: number;
  /** Takes what is given up, as Lambda sends it to the queue for that. */
  readonly onGivenUp?: (message: string) => void;
  /** Hears what went wrong; the pump goes on. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Lambda's mapping from the table's stream to a function, on one machine: in order, a batch at a
 * time.
 */
export interface StreamPump {
  /**
   * The records that failed as often as they may, oldest first: each was given up so that those
   * behind it go on.
   */
  readonly discarded: readonly DynamoDBRecord[];
  /** Resolves when everything that stands in the table now was delivered, or given up. */
  caughtUp(): Promise<void>;
  /** Waits for the invocation in flight; what was not handled yet is left in the stream. */
  stop(): Promise<void>;
}

/** Starts to read the stream from its oldest record. */
export function startStreamPump(options: StreamPumpOptions): StreamPump {
  const pump = new Pump(options);
  return { discarded: pump.discarded, caughtUp: () => pump.caughtUp(), stop: () => pump.stop() };
}

class Pump {
  readonly discarded: DynamoDBRecord[] = [];
  readonly #options: StreamPumpOptions;
  readonly #client: DynamoDBStreamsClient;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  /** Whose records are delivered. */
  #shardId = '';
  #emptyPasses = 0;

  constructor(options: StreamPumpOptions) {
    this.#options = options;
    this.#client = new DynamoDBStreamsClient({
      endpoint: options.dynamoDb.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#client.destroy();
  }

  async caughtUp(): Promise<void> {
    // The pass under way may have read a shard before something came.
    const passes = this.#emptyPasses + 2;
    const { signal } = this.#stopping;
    while (this.#emptyPasses < passes && !signal.aborted) {
      await delay(catchUpMilliseconds, undefined, { signal }).catch(() => {});
    }
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    const shards = new StreamShards(this.#client, this.#options.dynamoDb.streamArn);
    while (!this.#isStopping) {
      const hadNews = await this.#pass(shards);
      if (hadNews) continue;
      this.#emptyPasses += 1;
      await this.#pause(this.#options.pollMilliseconds ?? 50);
    }
  }

  /** Once through the open shards; whether there was anything to do. */
  async #pass(shards: StreamShards): Promise<boolean> {
    let hadNews = false;
    try {
      for await (const { shardId, records } of shards.read(this.#options.mapping.batchSize)) {
        hadNews = true;
        this.#shardId = shardId;
        await this.#deliver(this.#wanted(records));
      }
    } catch (error) {
      // Stopping the database before the pump is no failure of the pump.
      if (!this.#isStopping) this.#options.onError?.(error);
      return false;
    }
    return hadNews;
  }

  #wanted(records: readonly StreamRecord[]): DynamoDBRecord[] {
    const { filterPatterns } = this.#options.mapping;
    return records
      .map((record) => lambdaRecord(record, this.#options.dynamoDb.streamArn))
      .filter((record) => filterPatterns.some((pattern) => matchesEventPattern(pattern, record)));
  }

  /** Delivers in order, each record until it is handled or given up. */
  async #deliver(records: readonly DynamoDBRecord[]): Promise<void> {
    let remaining = records;
    while (remaining.length > 0 && !this.#isStopping) {
      const failed = await this.#invoke(remaining);
      if (failed === 'none') return;
      if (failed === 'unknown' && remaining.length > 1) return this.#bisect(remaining);
      const at = failed === 'unknown' ? 0 : failed;
      await this.#retry(remaining.slice(at, at + 1));
      remaining = remaining.slice(at + 1);
    }
  }

  /**
   * An error tells nothing of which record was at fault. As with Lambda, halving a batch is not one
   * of its retries.
   */
  async #bisect(records: readonly DynamoDBRecord[]): Promise<void> {
    const middle = Math.ceil(records.length / 2);
    await this.#deliver(records.slice(0, middle));
    await this.#deliver(records.slice(middle));
  }

  async #retry(one: readonly DynamoDBRecord[]): Promise<void> {
    for (let attempt = 1; attempt <= this.#options.mapping.maximumRetryAttempts; attempt += 1) {
      await this.#pause(backoffMilliseconds(attempt));
      if (this.#isStopping || (await this.#invoke(one)) === 'none') return;
    }
    this.discarded.push(...one);
    for (const record of one) this.#options.onGivenUp?.(this.#givenUpMessage(record));
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
  #givenUpMessage({ dynamodb }: DynamoDBRecord): string {
    const { SequenceNumber, ApproximateCreationDateTime = 0 } = dynamodb ?? {};
    const arrival = new Date(ApproximateCreationDateTime * 1000).toISOString();
    return JSON.stringify({
      requestContext: { condition: 'RetryAttemptsExhausted' },
      version: '1.0',
      DDBStreamBatchInfo: {
        shardId: this.#shardId,
        startSequenceNumber: SequenceNumber,
        endSequenceNumber: SequenceNumber,
        approximateArrivalOfFirstRecord: arrival,
        approximateArrivalOfLastRecord: arrival,
        batchSize: 1,
        streamArn: this.#options.dynamoDb.streamArn,
      },
    });
  }

  /** Which record failed first, by its place in the batch. */
  async #invoke(records: readonly DynamoDBRecord[]): Promise<number | 'none' | 'unknown'> {
    try {
      const answer = await this.#options.invoke({ Records: [...records] });
      const failed = answer?.batchItemFailures ?? [];
      if (failed.length === 0) return 'none';
      const sequenceNumbers = records.map((record) => record.dynamodb?.SequenceNumber ?? '');
      const first = Math.min(...failed.map((failure) => sequenceNumbers.indexOf(failure.itemIdentifier)));
      // Lambda takes an identifier that it does not know as the failure of the whole batch.
      return first === -1 ? 'unknown' : first;
    } catch (error) {
      this.#options.onError?.(error);
      return 'unknown';
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
}

const catchUpMilliseconds = 20;

function backoffMilliseconds(attempt: number): number {
  return Math.min(1_000, 25 * 2 ** attempt);
}

/** The record as Lambda hands it over: the stream holds keys only, and both keys are texts. */
function lambdaRecord(record: StreamRecord, streamArn: string): DynamoDBRecord {
  const { ApproximateCreationDateTime, Keys, SequenceNumber, SizeBytes, StreamViewType } =
    record.dynamodb ?? {};
  return {
    eventID: record.eventID ?? '',
    eventName: record.eventName ?? 'INSERT',
    eventVersion: record.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: record.awsRegion ?? 'us-east-1',
    eventSourceARN: streamArn,
    dynamodb: {
      ApproximateCreationDateTime: (ApproximateCreationDateTime?.getTime() ?? 0) / 1000,
      Keys: Object.fromEntries(Object.entries(Keys ?? {}).map(([name, key]) => [name, { S: key.S ?? '' }])),
      SequenceNumber: SequenceNumber ?? '',
      SizeBytes: SizeBytes ?? 0,
      StreamViewType: StreamViewType ?? 'KEYS_ONLY',
    },
  };
}
