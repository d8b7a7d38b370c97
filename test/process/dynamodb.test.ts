import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalDynamoDb, startDynamoDb } from '../../infra/local/aws/dynamodb/dynamodb';
import { JavaMissingError, pathWithJava } from '../../infra/local/aws/dynamodb/java';
import { dynamoDbEventLog } from '../../services/event-log/dynamodb-event-log';
import type { EventLog } from '../../services/event-log/event-log';
import { collect } from '../services/event-log/collect';
import { recordedAt } from '../services/event-log/recorded-events';
import { crashing, RewindAtWork, service } from '../services/reconciler/worlds/rewind-at-work';
import { until } from './until';

/** More than the first tasks need to crash often enough. */
const secondsToIssue = 300;

/** Where programs put their temporary files, for the test alone. */
let folder = '';
const systemFolder = process.env.TMPDIR;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rewind-test-'));
  process.env.TMPDIR = folder;
});
afterEach(async () => {
  if (systemFolder === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = systemFolder;
  await rm(folder, { recursive: true, force: true });
});

describe('DynamoDB Local', () => {
  it('has the table of the log, and leaves no port or file behind', async () => {
    const { client, tableName, streamArn, endpoint, stop } = await startDynamoDb();
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    expect(Table?.KeySchema?.map((key) => key.AttributeName)).toEqual(['service', 'position']);
    expect(Table?.GlobalSecondaryIndexes?.map((index) => index.IndexName)).toEqual(['live-services']);
    expect(Table?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'KEYS_ONLY' });
    expect(Table?.LatestStreamArn).toBe(streamArn);
    await stop();
    expect(await answers(endpoint)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('keeps the log in a data folder from one start to the next', async () => {
    const dataFolder = path.join(folder, 'data');
    const recorded = recordedAt(1_700_000_000_000);
    for (const expected of ['appended', 'duplicate']) {
      const { client, tableName: table, stop } = await startDynamoDb({ dataFolder });
      const eventLog = dynamoDbEventLog({ client, table });
      expect(await eventLog.append(recorded)).toBe(expected);
      expect(await collect(eventLog.read(recorded.event.service, null))).toEqual([recorded]);
      await stop();
    }
    expect(await readdir(folder)).toEqual(['data']);
  });

  it.each(['SIGINT', 'SIGTERM', 'exit'] as const)(
    'goes with the process that started it: %s',
    async (end) => {
      const program = fileURLToPath(new URL('start-dynamodb.ts', import.meta.url));
      const starting = spawn(process.execPath, ['--import', 'tsx', program, `--${end}`], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = once(starting, 'exit');
      const [endpoint] = await once(starting.stdout.setEncoding('utf8'), 'data');
      if (end !== 'exit') starting.kill(end);
      expect(await ended).toEqual(end === 'exit' ? [3, null] : [null, end]);
      await until(async () => !(await answers(endpoint.trim())));
      expect((await readdir(folder)).filter((name) => name.startsWith('rewind'))).toEqual([]);
    },
  );

  it('says in one sentence that Java is missing', async () => {
    const missing = pathWithJava({ PATH: folder });
    await expect(missing).rejects.toThrow(JavaMissingError);
    await expect(missing).rejects.toThrow(
      /^DynamoDB Local needs Java 17 or newer, and none was found: [^.]+\.[^.]+\.$/,
    );
  });
});

async function answers(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}

/** The log in whichever DynamoDB runs now. */
function logOf(current: () => EventLog): EventLog {
  return {
    append: (recorded) => current().append(recorded),
    read: (of, after) => current().read(of, after),
    readAt: (of, keys) => current().readAt(of, keys),
    readSnapshot: (of) => current().readSnapshot(of),
    writeSnapshot: (of, snapshot) => current().writeSnapshot(of, snapshot),
    servicesToWake: (now) => current().servicesToWake(now),
    servicesWatching: (alarm) => current().servicesWatching(alarm),
    appendAlarmChange: (recorded) => current().appendAlarmChange(recorded),
    alarmChanges: (alarm, since) => current().alarmChanges(alarm, since),
    lastLook: (place) => current().lastLook(place),
    keepLook: (place, look) => current().keepLook(place, look),
  };
}

describe('the database of a service at work', () => {
  let dynamoDb: LocalDynamoDb | undefined;
  let rewind: RewindAtWork | undefined;
  afterEach(async () => {
    await rewind?.stop();
    await dynamoDb?.stop();
  });

  it('loses nothing and repeats nothing when it goes in the middle of a rollback and comes back on its files (I1)', async () => {
    const dataFolder = path.join(folder, 'data');
    dynamoDb = await startDynamoDb({ dataFolder });
    let log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
    rewind = await RewindAtWork.start(logOf(() => log));
    const stable = await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    const hasIssued = async () => (await rewind?.decisions('RollbackIssued'))?.length === 1;
    for (let second = 0; second < secondsToIssue && !(await hasIssued()); second += 1) await rewind.pass(1);
    expect(await hasIssued()).toBe(true);
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
});
