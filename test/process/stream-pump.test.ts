import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { streamMappingOf } from '../../infra/local/aws/declared/deployed-functions';
import { type LocalDynamoDb, startDynamoDb } from '../../infra/local/aws/dynamodb/dynamodb';
import { type StreamPump, startStreamPump } from '../../infra/local/aws/dynamodb/stream-pump';
import { awsTableStream } from '../../services/aws/table-stream';
import { dynamoDbEventLog } from '../../services/event-log/dynamodb-event-log';
import type { EventLog } from '../../services/event-log/event-log';
import { type GivenUpBatch, parseGivenUpBatch } from '../../services/recovery/given-up-batch';
import { logKeyOf } from '../../state-machines/log/events';
import { newService, recordedAt } from '../services/event-log/recorded-events';
import { until } from './until';

let dynamoDb: LocalDynamoDb;
let eventLog: EventLog;
/** A test sees the stream from its start, so it looks for its own service's records. */
let service = newService();
let pump: StreamPump | undefined;
/** As Lambda sends what it gives up. */
let givenUp: string[] = [];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  eventLog = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
});
afterAll(() => dynamoDb?.stop());
beforeEach(() => {
  service = newService();
  givenUp = [];
});
afterEach(() => pump?.stop());

const mapping = { ...streamMappingOf('reconciler'), maximumRetryAttempts: 2 };

/**
 * Starts the pump; each of the batches it delivers holds the positions of this test's service,
 * empty ones left out.
 */
function pumping(answer: (records: DynamoDBRecord[]) => DynamoDBBatchResponse | undefined = () => undefined) {
  const batches: string[][] = [];
  pump = startStreamPump({
    dynamoDb,
    mapping,
    pollMilliseconds: 10,
    onGivenUp: (message) => givenUp.push(message),
    invoke: async ({ Records }) => {
      const mine = Records.filter((record) => record.dynamodb?.Keys?.service?.S === service);
      if (mine.length === 0) return undefined;
      batches.push(mine.map(positionOfRecord));
      return answer(mine);
    },
  });
  return batches;
}

function positionOfRecord(record: DynamoDBRecord): string {
  return record.dynamodb?.Keys?.position?.S ?? '';
}

async function append(count: number): Promise<string[]> {
  const events = Array.from({ length: count }, (_, index) => recordedAt(1_000 + index, { service }));
  for (const recorded of events) await eventLog.append(recorded);
  return events.map((recorded) => logKeyOf(recorded.event));
}

function failureOf(record: DynamoDBRecord | undefined): DynamoDBBatchResponse {
  return { batchItemFailures: [{ itemIdentifier: record?.dynamodb?.SequenceNumber ?? '' }] };
}

describe('the pump', () => {
  it('hands over every appended event once, in order, from before it started and after', async () => {
    const before = await append(3);
    const batches = pumping();
    await until(() => batches.flat().length === 3);
    await eventLog.append(recordedAt(2_000, { service }));
    await until(() => batches.flat().length === 4);
    expect(batches.flat()).toEqual([...before, '0000000002000#event']);
  });

  it('names the service and the position of an event, and nothing else of it', async () => {
    await append(1);
    let record: DynamoDBRecord | undefined;
    pumping(([first]) => {
      record = first;
      return undefined;
    });
    await until(() => record !== undefined);
    expect(record).toMatchObject({ eventName: 'INSERT', eventSource: 'aws:dynamodb' });
    expect(record?.dynamodb?.Keys).toEqual({
      service: { S: service },
      position: { S: '0000000001000#event' },
    });
    expect(record?.dynamodb?.NewImage).toBeUndefined();
  });

  it('is not woken by a snapshot, nor by an event that was there already', async () => {
    const snapshot = { reducerVersion: 1, fold: {}, nextWakeAt: null, watchedAlarms: [] };
    await eventLog.writeSnapshot(service, { version: 1, ...snapshot });
    await append(1);
    await append(1);
    await eventLog.writeSnapshot(service, { version: 2, ...snapshot });
    await eventLog.append(recordedAt(9_000, { service }));
    const batches = pumping();
    await until(() => batches.flat().includes('0000000009000#event'));
    expect(batches.flat()).toEqual(['0000000001000#event', '0000000009000#event']);
  });

  it('goes on from the record that failed', async () => {
    const [first, second, third] = await append(3);
    let failures = 0;
    const batches = pumping((records) => (++failures === 1 ? failureOf(records[1]) : undefined));
    await until(() => batches.length === 3);
    expect(batches).toEqual([[first, second, third], [second], [third]]);
    expect(pump?.discarded).toEqual([]);
  });

  it('gives a poison record up after its retries, and handles every other once (I5)', async () => {
    const [first, second, third] = await append(3);
    const handled: string[] = [];
    const batches = pumping((records) => {
      const positions = records.map(positionOfRecord);
      if (second !== undefined && positions.includes(second)) throw new Error('poison');
      handled.push(...positions);
      return undefined;
    });
    await until(() => handled.includes(third ?? ''));
    expect(handled).toEqual([first, third]);
    expect(pump?.discarded.map(positionOfRecord)).toEqual([second]);
    expect(
      batches.filter((batch) => batch.length === 1 && batch[0] === second).length,
    ).toBeGreaterThanOrEqual(3);
  });

  it('says where in the stream it gave up, so that the keys can be read there again', async () => {
    const positions = await append(3);
    pumping(() => {
      throw new Error('poison');
    });
    await until(() => givenUp.length === 3);
    const client = new DynamoDBStreamsClient({
      endpoint: dynamoDb.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const stream = awsTableStream(client);
    const [first, , last] = givenUp.map(parseGivenUpBatch) as [GivenUpBatch, GivenUpBatch, GivenUpBatch];
    expect(await stream.keysIn(first)).toEqual([{ service, position: positions[0] }]);
    const all = { ...first, endSequenceNumber: last.endSequenceNumber };
    const keys = await stream.keysIn(all);
    expect(keys).toEqual(positions.map((position) => ({ service, position })));
    expect(await stream.keysIn({ ...first, shardId: `${first.shardId.slice(0, -8)}00000000` })).toBe(
      'trimmed',
    );
    client.destroy();
  });

  it('stops when the invocation in flight is done', async () => {
    await append(1);
    let [isCalled, isDone] = [false, false];
    pump = startStreamPump({
      dynamoDb,
      mapping,
      invoke: async () => {
        isCalled = true;
        await new Promise((resolve) => setImmediate(resolve));
        isDone = true;
        return undefined;
      },
    });
    await until(() => isCalled);
    await pump.stop();
    expect(isDone).toBe(true);
  });
});
