import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EcsServer, startEcsServer } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { openLoggedSession, readServiceState } from '../../../../services/cli/session/session';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import { lengthenStream, repeatRecord } from '../../../fixtures/long-log/long-stream';
import { type MeteredProxy, startMeteredProxy } from '../../../fixtures/long-log/metered-proxy';
import { openOwnTable } from '../../../fixtures/own-table';
import { service } from '../../reconciler/worlds/rewind-at-work';
import { RollbackWorld } from '../../reconciler/worlds/rollback-world';
import { rewindHere } from '../rewind-here';

let dynamoDb: LocalTable;
let proxy: MeteredProxy;
let ecs: EcsServer;
let ecsProxy: MeteredProxy;
let world: RollbackWorld;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  proxy = await startMeteredProxy(dynamoDb.endpoint);
  const table = { client: dynamoDb.client, table: dynamoDb.tableName };
  world = await RollbackWorld.startStable({ log: dynamoDbEventLog(table), seed: 3 });
  await world.deployBad({ crashes: 'at once', breaker: 'none' });
  await world.settle();
  await repeatRecord(table, service, 40);
  await lengthenStream(table, world, 800);
  ecs = await startEcsServer(world.simulator);
  ecsProxy = await startMeteredProxy(ecs.endpoint);
  Object.assign(process.env, dynamoDb.environment, {
    REWIND_TABLE: dynamoDb.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    AWS_ENDPOINT_URL_ECS: ecsProxy.endpoint,
  });
}, 60_000);
afterAll(async () => {
  await ecsProxy?.stop();
  await ecs?.close();
  await proxy?.stop();
  await dynamoDb?.stop();
});

describe('a service whose log is long', () => {
  // `npm run bench look` asks behind 200,000 events, and finds the same units.
  // `npm run bench look` asks behind 200,000 events, and finds the same units.
  it.each([
    ['status', 'prod/web'],
    ['history', 'prod/web'],
    ['diff', 'prod/web', '1', '2'],
  ])('R129 is asked for by rewind %s for a few read units', async (...words) => {
    const { units } = await costOf(words, proxy);
    expect(units).toBeGreaterThan(0);
    expect(units).toBeLessThanOrEqual(10);
  });

  it('R129 has each revision described by ECS once, for its commit', async () => {
    const { requests } = await costOf(['history', 'prod/web', '-n', '40'], ecsProxy);
    // Forty rollouts are of two revisions.
    expect(requests).toBe(2);
  });

  it('is told rollout by rollout by the audit, of those since a time', async () => {
    const { stdout } = await rewindHere(['audit', 'web', '--since', '2025-12-31', '--format', 'json']);
    const revisions = JSON.parse(stdout).rollouts.map(({ taskDefinition }: { taskDefinition: string }) =>
      taskDefinition.split('/').at(-1),
    );
    expect(revisions).toEqual(['web:1', 'web:2', 'web:1']);
  });

  it('names nobody for a way back to what ECS had deployed before', async () => {
    const { stdout } = await rewindHere(['history', 'web', '-n', '2', '--format', 'json']);
    const callers = JSON.parse(stdout).rollouts.map(({ by }: { by: string | null }) => by);
    expect(callers).toEqual([null, expect.stringContaining('deployer')]);
  });

  it('is read whole once in a command where another version of Rewind keeps its snapshot', async () => {
    const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
    const snapshot = await log.readSnapshot(service);
    if (snapshot === null) throw new Error('no snapshot is kept');
    const other = { ...snapshot, reducerVersion: 0, version: snapshot.version + 1 };
    expect(await log.writeSnapshot(service, other)).toBe('written');
    const { stdout, stderr } = await rewindHere(['history', 'prod/web', '-n', '3']);
    expect(stderr).toBe("another version of Rewind is deployed here: services' whole logs are read\n");
    expect(stdout).toMatch(/web:2 +✖ rolled back/);
    const session = await openLoggedSession({ table: dynamoDb.tableName });
    proxy.take();
    const state = await readServiceState(session.log, service);
    const whole = proxy.take().units;
    expect(await readServiceState(session.log, service)).toEqual(state);
    expect(whole).toBeGreaterThan(40);
    expect(proxy.take().units).toBeLessThan(whole / 2);
  });
});

/** What a command that finds web:1 asks for. */
async function costOf(words: readonly string[], asked: MeteredProxy) {
  asked.take();
  const { stdout, stderr } = await rewindHere(words);
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining('web:1'), stderr: '' });
  return asked.take();
}
