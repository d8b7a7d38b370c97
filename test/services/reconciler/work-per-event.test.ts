import { expect, it } from 'vitest';
import { type DynamoDbWork, metered } from '../../../infra/local/aws/dynamodb/metered-dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import { lengthenStream } from '../../fixtures/long-log/long-stream';
import { openOwnTable } from '../../fixtures/own-table';
import { openGate, RollbackWorld } from './worlds/rollback-world';

/** What one more event costs, its fold and the new snapshot included, behind so many others. */
async function workBehind(length: number): Promise<DynamoDbWork> {
  const { client, tableName: table, stop } = await openOwnTable();
  const world = await RollbackWorld.startStable({ log: dynamoDbEventLog({ client, table }), seed: 1 });
  const later = await lengthenStream({ client, table }, world, length);
  const reconcile = world.reconcilerBehind(openGate);
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
