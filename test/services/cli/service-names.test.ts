import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import { probeStreamOf } from '../../../services/notifications/own/probe';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { openOwnTable } from '../../fixtures/own-table';
import { recordedAt } from '../event-log/recorded-events';
import { rewind, temporaryFiles } from './rewind';
import { rewindHere } from './rewind-here';

const serviceIn = (account: string, path: string) =>
  parseServiceArn(`arn:aws:ecs:eu-west-1:${account}:service/${path}`);
const mine = '111111111111';
const others = '222222222222';
const services = [
  serviceIn(mine, 'prod/web'),
  serviceIn(others, 'prod/web'),
  serviceIn(mine, 'prod/api'),
  serviceIn(others, 'staging/worker'),
];
const files = temporaryFiles();
const policy = files.write('policy.yml', 'defaults: { failurePercent: 20 }\n');
let exported: string;
let dynamoDb: LocalTable;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  Object.assign(process.env, dynamoDb.environment, { REWIND_TABLE: dynamoDb.tableName });
  const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
  const start = Date.UTC(2026, 0, 1);
  const streams = [...services, probeStreamOf({ account: mine, region: 'eu-west-1' })];
  for (const service of streams) {
    for (const id of ['a', 'b']) await log.append(recordedAt(start, { service, id }));
  }
  await log.writeSnapshot(services[0] ?? serviceIn(mine, 'prod/web'), {
    version: 1,
    reducerVersion: 1,
    fold: {},
    nextWakeAt: null,
    watchedAlarms: [],
  });
  exported = files.write('log.jsonl', (await rewind(['export', '--all'])).stdout);
});
afterAll(() => dynamoDb?.stop());

/** Every command that is told one service, of the table and of an export. */
const commands = {
  'audit of the table': (name: string) => ['audit', name],
  'audit of an export': (name: string) => ['audit', name, '--from', exported],
  'audit --verify': (name: string) => ['audit', name, '--verify'],
  export: (name: string) => ['export', name],
  replay: (name: string) => ['replay', '--service', name],
  backtest: (name: string) => ['backtest', '--service', name, '--compare', policy, '--policy', policy],
} as const;

describe.each(Object.entries(commands))('a service that is named to rewind %s', (_, command) => {
  it('is listed and not guessed where two accounts have it', async () => {
    const { code, stdout, stderr } = await rewindHere(command('prod/web'));
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^prod\/web fits 2 services of .*: name one of them in full\n/);
    for (const account of [mine, others]) expect(stderr).toContain(serviceIn(account, 'prod/web'));
  });

  it('is told with what there is where nothing has its name', async () => {
    const { code, stdout, stderr } = await rewindHere(command('prod/worker'));
    expect({ code, stdout }).toEqual({ code: 66, stdout: '' });
    expect(stderr).toMatch(/has no service prod\/worker; it has staging\/worker, prod\/api, prod\/web\n$/);
  });

  it('is told to be one service where it is a pattern', async () => {
    expect(await rewindHere(command('prod/*'))).toMatchObject({
      code: 64,
      stderr: '"prod/*" is a pattern: SERVICE names one service\n',
    });
  });

  it('is found by its bare name where only one has it, and by its ARN', async () => {
    for (const name of ['api', 'prod/api', serviceIn(mine, 'prod/api'), serviceIn(others, 'prod/web')]) {
      expect((await rewindHere(command(name))).code).toBe(0);
    }
  });
});

describe('the deployment that rewind audit is told', () => {
  it('is told with the rollouts there are where it is none of them', async () => {
    const { code, stderr } = await rewindHere(['audit', 'api', 'web:2']);
    expect(code).toBe(65);
    expect(stderr).toBe(
      'the log tells of no such rollout of api; its newest are ecs-svc/3870164925518302746\n',
    );
  });
});
