import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  type _Record as StreamRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';

export type { StreamRecord };

/**
 * The records of a table's stream from its oldest on, shard by shard, a shard only after the one it
 * came from.
 */
export class StreamShards {
  readonly #client: DynamoDBStreamsClient;
  readonly #streamArn: string;
  readonly #finished = new Set<string>();
  readonly #open = new Map<string, OpenShard>();

  constructor(client: DynamoDBStreamsClient, streamArn: string) {
    this.#client = client;
    this.#streamArn = streamArn;
  }

  /**
   * What the open shards have that was not read yet, at most `limit` of each. Nothing is read
   * twice.
   */
  async *read(limit: number): AsyncIterable<ShardRecords> {
    if (this.#open.size === 0) await this.#findShards();
    for (const [id, shard] of this.#open) {
      const records = await this.#readShard(shard, limit);
      if (shard.iterator === null) {
        this.#open.delete(id);
        this.#finished.add(id);
        await this.#findShards();
      }
      if (records.length > 0) yield { shardId: id, records };
    }
  }

  /** Opens every shard whose parent has been read to its end, or is no longer kept. */
  async #findShards(): Promise<void> {
    const shards = await this.#describe();
    const kept = new Set(shards.map((shard) => shard.ShardId));
    for (const { ShardId: id, ParentShardId: parent } of shards) {
      const isNext = parent === undefined || this.#finished.has(parent) || !kept.has(parent);
      if (id === undefined || !isNext || this.#finished.has(id) || this.#open.has(id)) continue;
      this.#open.set(id, { id, iterator: await this.#iteratorBehind(id, null), lastRead: null });
    }
  }

  async #describe(): Promise<readonly Shard[]> {
    const shards: Shard[] = [];
    let last: string | undefined;
    do {
      const { StreamDescription } = await this.#client.send(
        new DescribeStreamCommand({
          StreamArn: this.#streamArn,
          ...(last === undefined ? {} : { ExclusiveStartShardId: last }),
        }),
      );
      shards.push(...(StreamDescription?.Shards ?? []));
      last = StreamDescription?.LastEvaluatedShardId;
    } while (last !== undefined);
    return shards;
  }

  async #readShard(shard: OpenShard, limit: number): Promise<readonly StreamRecord[]> {
    try {
      const { Records = [], NextShardIterator } = await this.#client.send(
        new GetRecordsCommand({ ShardIterator: shard.iterator ?? undefined, Limit: limit }),
      );
      shard.iterator = NextShardIterator ?? null;
      shard.lastRead = Records.at(-1)?.dynamodb?.SequenceNumber ?? shard.lastRead;
      return Records;
    } catch (error) {
      // DynamoDB Local may trim what stood at the iterator: what is kept is read from its oldest.
      if (error instanceof TrimmedDataAccessException) shard.lastRead = null;
      // An iterator lives for 15 minutes: this machine may have slept for longer.
      else if (!(error instanceof ExpiredIteratorException)) throw error;
      shard.iterator = await this.#iteratorBehind(shard.id, shard.lastRead);
      return [];
    }
  }

  async #iteratorBehind(shardId: string, lastRead: string | null): Promise<string | null> {
    const { ShardIterator } = await this.#client.send(
      new GetShardIteratorCommand({
        StreamArn: this.#streamArn,
        ShardId: shardId,
        ...(lastRead === null
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: lastRead }),
      }),
    );
    return ShardIterator ?? null;
  }
}

interface ShardRecords {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
}

interface OpenShard {
  readonly id: string;
  /** Null once the shard is closed and read to its end. */
  iterator: string | null;
  lastRead: string | null;
}
