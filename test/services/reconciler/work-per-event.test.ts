import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { type DynamoDbWork, metered } from '../../../infra/local/aws/dynamodb/metered-dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import { itemOf } from '../../../services/event-log/event-item';
import type { RecordedEvent } from '../../../services/event-log/event-log';
import type { EventId } from '../../../state-machines/log/identifiers';
import { openOwnTable } from '../../fixtures/own-table';
import { openGate, RollbackWorld } from './worlds/rollback-world';

const eventsARound = 2000;
const itemsACall = 25;

/**
 * Writes events as the log does, but many a call: of a long stream only the last event is measured.
 */
async function fill(
  { client, table }: { client: DynamoDBClient; table: string },
  events: readonly RecordedEvent[],
): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client);
  for (let start = 0; start < events.length; start += itemsACall) {
    const requests = events
      .slice(start, start + itemsACall)
      .map((event) => ({ PutRequest: { Item: itemOf(event) } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  }
}

/** What one more event costs, its fold and the new snapshot included, behind so many others. */
async function workBehind(length: number): Promise<DynamoDbWork> {
  const { client, tableName: table, stop } = await openOwnTable();
  const world = await RollbackWorld.startStable({ log: dynamoDbEventLog({ client, table }), seed: 1 });
  const [pattern] = (await world.events()).filter(({ type }) => type === 'TaskChanged');
  if (pattern === undefined) throw new Error('no task was told of');
  const later = (number: number) => {
    const occurredAt = (world.clock.now() + number * 10_000) as typeof pattern.occurredAt;
    const event = { ...pattern, id: `later-${number}` as EventId, occurredAt };
    return { event, recordedAt: occurredAt, notification: 'x'.repeat(700) };
  };
  const reconcile = world.reconcilerBehind(openGate);
  for (let number = 0; number < length; number += eventsARound) {
    const events = Array.from({ length: Math.min(eventsARound, length - number) }, (_, n) =>
      later(number + n),
    );
    await fill({ client, table }, events);
    await reconcile(world.wakeUp());
  }
  const meter = metered(client);
  await world.log.append(later(length));
  await reconcile(world.wakeUp());
  const work = meter.take();
  await stop();
  return work;
}

it('costs the same for one more event, however long the stream (I7)', async () => {
  const lengths = (process.env.REWIND_STREAMS ?? '500,2000').split(',').map(Number);
  const table = [];
  for (const length of lengths) table.push({ events: length, ...(await workBehind(length)) });
  console.table(table);
  expect(new Set(table.map(({ requests }) => requests)).size).toBe(1);
  expect(new Set(table.map(({ readUnits, writeUnits }) => `${readUnits} ${writeUnits}`)).size).toBe(1);
}, 3_600_000);
