import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  type _Record as StreamRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Position } from '../../state-machines/log/position';
import { attribute } from '../event-log/event-table';

/** Some records of one shard of the table's stream, both ends included. */
export interface StreamRange {
  readonly streamArn: string;
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

/** The table's stream, read again: DynamoDB keeps it for a day. */
export interface TableStream {
  /**
   * The keys of the items that the records tell of; `trimmed` when the stream does not hold them
   * any more.
   */
  keysIn(range: StreamRange): Promise<readonly ChangedKey[] | 'trimmed'>;
}

/** Where the table has changed. */
export interface ChangedKey {
  readonly service: ServiceArn;
  readonly position: Position;
}

/** More calls than a range of one batch takes, though some answers may be empty. */
const callsAtMost = 100;

/** The stream, through the SDK. Throws what AWS throws, but for what the stream has forgotten. */
export function awsTableStream(client: DynamoDBStreamsClient): TableStream {
  return {
    async keysIn(range) {
      try {
        return (await recordsIn(client, range)).map(changedKeyOf);
      } catch (error) {
        const isForgotten =
          error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException;
        if (isForgotten) return 'trimmed';
        throw error;
      }
    },
  };
}

/** The stream has not shown all of a range within the calls that are allowed. */
class UnreadRangeError extends Error {
  override readonly name = 'UnreadRangeError';
}

async function recordsIn(client: DynamoDBStreamsClient, range: StreamRange): Promise<StreamRecord[]> {
  const { streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber } = range;
  const from = { StreamArn, ShardId, SequenceNumber, ShardIteratorType: 'AT_SEQUENCE_NUMBER' as const };
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
  const end = BigInt(range.endSequenceNumber);
  const wanted: StreamRecord[] = [];
  for (let call = 0; call < callsAtMost; call += 1) {
    // A shard that has come to its end has no more.
    if (ShardIterator === undefined) return wanted;
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
    const upToEnd = Records.filter((record) => numberOf(record) <= end);
    wanted.push(...upToEnd);
    const last = Records.at(-1);
    if (last !== undefined && numberOf(last) >= end) return wanted;
    ShardIterator = NextShardIterator;
  }
  throw new UnreadRangeError(`${range.shardId} did not show ${range.endSequenceNumber}`);
}

function numberOf({ dynamodb }: StreamRecord): bigint {
  return BigInt(dynamodb?.SequenceNumber ?? '0');
}

function changedKeyOf({ dynamodb }: StreamRecord): ChangedKey {
  const service = dynamodb?.Keys?.[attribute.service]?.S ?? '';
  const position = dynamodb?.Keys?.[attribute.position]?.S ?? '';
  return { service: service as ServiceArn, position: position as Position };
}
