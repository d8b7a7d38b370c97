import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EcsServer, startEcsServer } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { LocalDynamoDb } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import { openOwnTable } from '../../../fixtures/own-table';
import { RollbackWorld } from '../../reconciler/worlds/rollback-world';
import { rewind, temporaryFiles } from '../rewind';
import { rewindHere } from '../rewind-here';

const files = temporaryFiles();
let dynamoDb: LocalDynamoDb;
let ecs: EcsServer;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
  const world = await RollbackWorld.start({ log, seed: 3, rollout: { crashes: 'at once', breaker: 'none' } });
  await world.settle();
  ecs = await startEcsServer(world.simulator);
  Object.assign(process.env, dynamoDb.environment, {
    REWIND_TABLE: dynamoDb.tableName,
    AWS_ENDPOINT_URL_ECS: ecs.endpoint,
  });
}, 60_000);
afterAll(async () => {
  await ecs?.close();
  await dynamoDb?.stop();
});

describe('rewind history', () => {
  it('R129 lists what was rolled out, how it ended, why and by whom, from the records', async () => {
    const { code, stdout, stderr } = await rewindHere(['history', 'prod/web', '-n', '3']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^prod\/web +us-east-1, 123456789012\n/);
    expect(stdout).toMatch(/web:1 +✔ proven, a way back/);
    expect(stdout).toMatch(
      /web:2 +✖ rolled back .*deployer.*too many tasks failed after .*; by Rewind to web:1/,
    );
  });

  it('R135 says the same in JSON', async () => {
    const { stdout } = await rewindHere(['history', 'web', '--format', 'json']);
    const { schema, rollouts } = JSON.parse(stdout);
    expect(schema).toBe('rewind.history/1');
    expect(rollouts[1]).toMatchObject({
      outcome: 'rolledBack',
      verdict: { result: 'failed', reason: 'TaskFailures' },
      rollback: { by: 'rewind' },
      firstFailures: [{ container: 'app', exitCode: 1 }, {}],
    });
  });

  it('R119 R120 names what there is, for a name that fits nothing', async () => {
    const misspelt = await rewindHere(['history', 'prod/wed']);
    expect(misspelt).toMatchObject({ code: 66, stderr: expect.stringContaining('it has prod/web') });
    const pattern = await rewindHere(['status', 'nosuch/*']);
    expect(pattern).toMatchObject({ code: 66, stderr: expect.stringContaining('fits no service') });
  });
});

describe('rewind status', () => {
  it('shows what a service runs, what it would go back to, and who is needed', async () => {
    const { code, stdout } = await rewindHere(['status', 'prod/web', '--exit-code']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/prod\/web +✔ proven/);
    expect(stdout).toMatch(/runs +web:1 +2\/2 tasks run/);
    const table = await rewindHere(['status']);
    expect(table.stdout).toMatch(/^SERVICE +STATE +RUNS/);
    expect(table.stdout).toContain('1 service: 0 in need of somebody, 0 under way, 0 frozen');
  });
});

describe('the command as it is shipped', () => {
  it('finds the log through the stack of the account, and says what cannot be asked', async () => {
    const { code, stderr } = await rewind(['status', '--endpoint-url', 'http://127.0.0.1:9', '--table', '']);
    expect({ code, stderr }).toEqual({
      code: 69,
      stderr: expect.stringContaining('the stacks of CloudFormation cannot be read'),
    });
    expect(await rewind(['status', 'prod/web'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('rewind wait', () => {
  it('R112 answers for what was taken back before anybody looked: 1, with the first failed tasks', async () => {
    const { code, stdout } = await rewindHere(['wait', 'prod/web', '--timeout', '5s']);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^✖ prod\/web: web:2 failed: .*; the service is back on web:1\n {2}[0-9a-f]{8} Essential container in task exited; app exit 1\n/,
    );
    expect(stdout).toMatch(/why: rewind audit prod\/web ecs-svc\/\d+\n$/);
  });

  it('R143 tells GitHub by an annotation, a summary and outputs', async () => {
    const [summary, output] = [files.write('summary.md', ''), files.write('output', '')];
    Object.assign(process.env, {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
    });
    try {
      const { stderr } = await rewindHere(['wait', 'prod/web', '--timeout', '5s', '--format', 'json']);
      expect(stderr.match(/^::error /gm)).toHaveLength(1);
    } finally {
      delete process.env.GITHUB_ACTIONS;
    }
    expect(await readFile(output, 'utf8')).toMatch(
      /^outcome=rolledBack\nresult=failedAndSafe\nverdict=failed\n/,
    );
    expect(await readFile(summary, 'utf8')).toContain('| task | container | exit | reason |');
  });

  it('R119 says what a deployment is called, for a task definition in its place', async () => {
    const { code, stderr } = await rewindHere(['wait', 'prod/web', '--deployment', 'web:2']);
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining('--task-definition') });
  });
});
