import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import { itemOf } from '../../../services/event-log/event-item';
import type { EventLog } from '../../../services/event-log/event-log';
import { attribute } from '../../../services/event-log/event-table';
import { type Item, itemBytes } from '../../../services/event-log/item-size';
import { openOwnTable } from '../../fixtures/own-table';
import { collect } from './collect';
import { recordedAt, recordedTask } from './recorded-events';

let dynamoDb: LocalTable;
let eventLog: EventLog;
/** What the log asked of DynamoDB, and what that cost, newest last. */
const requests: { name: string; writeUnits: number | undefined }[] = [];

beforeAll(async () => {
  dynamoDb = await openOwnTable();
  dynamoDb.client.middlewareStack.add(
    (next, context) => async (call) => {
      Object.assign(call.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await next(call);
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } };
      requests.push({ name: String(context.commandName), writeUnits: ConsumedCapacity?.CapacityUnits });
      return answer;
    },
    { step: 'initialize' },
  );
  eventLog = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
});
afterAll(() => dynamoDb?.stop());

describe('an append', () => {
  it('is one write of one unit for a typical task notification', async () => {
    const before = requests.length;
    await eventLog.append(recordedTask('STOPPED'));
    expect(requests.slice(before)).toEqual([{ name: 'PutItemCommand', writeUnits: 1 }]);
  });

  it('costs what its size says, at the border of a unit too', async () => {
    const { body, ...others } = itemOf(recordedAt(1_700_000_000_000));
    const room = 1_024 - itemBytes({ ...others, body: new Uint8Array() });
    for (const [bytes, units] of [
      [room, 1],
      [room + 1, 2],
    ] as const) {
      const item = { ...others, body: new Uint8Array(bytes) };
      await dynamoDb.client.send(new PutCommand({ TableName: dynamoDb.tableName, Item: item }) as never);
      expect(requests.at(-1)?.writeUnits).toBe(units);
    }
  });
});

describe('an event of an older schema', () => {
  it('is read in the shape of today, and stays stored as it was', async () => {
    const { event, recordedAt: learnt } = recordedAt(1_700_000_000_000);
    // Schema 0 called isRollback `rollback`.
    const { isRollback: _, ...facts } = event as typeof event & { isRollback: boolean };
    const old = { event: { ...facts, rollback: true } as never, recordedAt: learnt, notification: null };
    const item: Item = { ...itemOf(old), [attribute.schema]: 0 };
    await dynamoDb.client.send(new PutCommand({ TableName: dynamoDb.tableName, Item: item }) as never);
    const reading = dynamoDbEventLog({
      client: dynamoDb.client,
      table: dynamoDb.tableName,
      upcasters: { 0: ({ rollback, ...same }) => ({ ...same, isRollback: rollback }) },
    });
    expect(await collect(reading.read(event.service, null))).toEqual([
      { event: { ...event, isRollback: true }, recordedAt: learnt, notification: null },
    ]);
    const stored = await dynamoDb.client.send(
      new GetItemCommand({
        TableName: dynamoDb.tableName,
        Key: { service: { S: event.service }, position: { S: item[attribute.position] } },
      }),
    );
    expect(stored.Item?.schema).toEqual({ N: '0' });
  });
});
