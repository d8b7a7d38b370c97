import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type LocalDynamoDb, startDynamoDb } from '../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import type { EventLog } from '../../../services/event-log/event-log';
import { crashing, RewindAtWork, service } from './worlds/rewind-at-work';

let dynamoDb: LocalDynamoDb | undefined;
let rewind: RewindAtWork | undefined;
let dataFolder = '';
afterEach(async () => {
  await rewind?.stop();
  await dynamoDb?.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

/** The log in whichever DynamoDB runs now. */
function logOf(current: () => EventLog): EventLog {
  return {
    append: (recorded) => current().append(recorded),
    read: (of, after) => current().read(of, after),
    readSnapshot: (of) => current().readSnapshot(of),
    writeSnapshot: (of, snapshot) => current().writeSnapshot(of, snapshot),
    servicesToWake: (now) => current().servicesToWake(now),
    servicesWatching: (alarm) => current().servicesWatching(alarm),
  };
}

it('a database that goes in the middle of a rollback and comes back on its files loses nothing and repeats nothing', async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'rewind-log-'));
  dynamoDb = await startDynamoDb({ dataFolder });
  let log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
  rewind = await RewindAtWork.start(logOf(() => log));
  const stable = await rewind.withStable();
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
  while ((await rewind.decisions('RollbackIssued')).length === 0) await rewind.pass(1);
  const before = await rewind.events();

  await dynamoDb.stop();
  await expect(rewind.reconcile({ service, changedFrom: null })).rejects.toThrow();
  dynamoDb = await startDynamoDb({ dataFolder });
  log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });

  expect(await rewind.events()).toEqual(before);
  await rewind.pass(300);
  expect(await rewind.runs()).toBe(stable);
  expect(rewind.writes('StopServiceDeployment')).toBe(1);
  expect((await rewind.decisions('RolloutConcluded')).at(1)).toMatchObject({ outcome: 'rolledBack' });
});
