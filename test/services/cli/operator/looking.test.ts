import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EcsServer, startEcsServer } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import { openOwnTable } from '../../../fixtures/own-table';
import { RollbackWorld } from '../../reconciler/worlds/rollback-world';
import { rewind, temporaryFiles } from '../rewind';
import { rewindHere } from '../rewind-here';

const files = temporaryFiles();
let dynamoDb: LocalTable;
let world: RollbackWorld;
let ecs: EcsServer;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
  world = await RollbackWorld.startStable({ log, seed: 3 });
  world.bad = registerTalking(world);
  await world.deployBad({ crashes: 'at once', breaker: 'none' });
  await world.settle();
  ecs = await startEcsServer(world.simulator);
  Object.assign(process.env, dynamoDb.environment, {
    REWIND_TABLE: dynamoDb.tableName,
    AWS_ENDPOINT_URL_ECS: ecs.endpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: ecs.endpoint,
    XDG_CACHE_HOME: files.path,
  });
}, 60_000);
afterAll(async () => {
  await ecs?.close();
  await dynamoDb?.stop();
});

const secret = 'postgres://ada:correct-horse@db:5432/shop';

/** What crashes, says why, and says too much. */
function registerTalking(world: RollbackWorld): string {
  const says = `starting\n\u001b[31mcannot reach ${secret}\u001b[0m\n::error::mine\n${'x'.repeat(1000)}`;
  const app = {
    name: 'app',
    image: 'example/web:2',
    environment: [{ name: 'DATABASE_URL', value: secret }],
    dockerLabels: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '5', 'rewind.says': says },
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'web' },
    },
  };
  const registered = world.call('RegisterTaskDefinition', {
    family: 'web',
    cpu: '512',
    containerDefinitions: [app],
  });
  return (registered.taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn;
}

describe('rewind history', () => {
  it('R129 lists what was rolled out, how it ended, why and by whom, from the records', async () => {
    const { code, stdout, stderr } = await rewindHere(['history', 'prod/web', '-n', '3']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^prod\/web +us-east-1, 123456789012\n/);
    expect(stdout).toMatch(/web:1 +✔ proven, a way back/);
    expect(stdout).toMatch(
      /web:2 +✖ rolled back .*deployer.*too many tasks failed after .*; by Rewind to web:1/,
    );
    const newest = await rewindHere(['history', 'prod/web', '-n', '1']);
    expect(newest.stdout).toMatch(/web:1 +✔ proven, a way back .*Rewind$/m);
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
      /^✖ prod\/web: web:2 failed: .*; the service is back on web:1, by Rewind\n {2}[0-9a-f]{8} Essential container in task exited; app exit 1\n/,
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

  it('tells with --logs what failed tasks wrote last: text of others, without what may be secret', async () => {
    const { code, stdout } = await rewindHere(['wait', 'prod/web', '--timeout', '5s', '--logs', '3']);
    expect(code).toBe(1);
    const [, first = ''] = stdout.split(/^ {2}[0-9a-f]{8} .*\n/m);
    const lines = first.trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual(['    |  [31mcannot reach [DATABASE_URL] [0m', '    | ::error::mine']);
    expect(lines[2]).toMatch(/^ {4}\| x{500}…$/);
    expect(stdout).not.toContain('correct-horse');
    const json = await rewindHere(['status', 'prod/web', '--logs', '1', '--format', 'json']);
    expect(JSON.parse(json.stdout).services[0].logs).toMatchObject([{ container: 'app', because: null }, {}]);
    const audit = await rewindHere(['audit', 'prod/web', '--logs', '3']);
    expect(audit.stdout).toMatch(/ logs .*essential container in task exited|DATABASE_URL/i);
    expect(audit.stdout).not.toContain('correct-horse');
  });

  it('takes the ARN that the console shows of a deployment, and audits a revision by its name', async () => {
    const listed = world.call('ListServiceDeployments', { cluster: 'prod', service: 'web' });
    const arn = String(Object(listed).serviceDeployments[0].serviceDeploymentArn);
    const waited = await rewindHere(['wait', 'prod/web', '--timeout', '5s', '--deployment', arn]);
    expect(waited).toMatchObject({ code: 1, stdout: expect.stringContaining('web:2 failed') });
    const unknown = arn.replace(/\w+$/, 'nosuch');
    expect((await rewindHere(['wait', 'web', '--deployment', unknown])).code).toBe(65);
    expect((await rewindHere(['audit', 'web', 'web:2'])).stdout).toMatch(/^prod\/web to web:2 /);
  });

  it('R119 says what a deployment is called, for a task definition in its place', async () => {
    const { code, stderr } = await rewindHere(['wait', 'prod/web', '--deployment', 'web:2']);
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining('--task-definition') });
  });
});

describe('rewind watch', () => {
  it('R137 shows no picture where there is no terminal, and ends where nothing is under way', async () => {
    const calm = await rewindHere(['watch', 'prod/web', '--exit-code']);
    expect(calm).toEqual({ code: 0, stdout: '', stderr: 'nothing is under way\n' });
    expect(await rewindHere(['watch', 'nosuch/*'])).toMatchObject({ code: 66, stdout: '' });
  });
});

describe('rewind diff', () => {
  it('names what differs, and never a value of the environment', async () => {
    const { code, stdout, stderr } = await rewindHere(['diff', 'prod/web', '1', '2']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/^prod\/web {2}web:1 → web:2\n/);
    for (const line of [
      '  ~ containers.app.image: example/web:1 → example/web:2',
      '  + containers.app.environment.DATABASE_URL',
      '  + containers.app.logConfiguration.options.awslogs-group: /ecs/web',
      '  + cpu: 512',
    ]) {
      expect(stdout.split('\n')).toContain(line);
    }
    expect(stdout).toMatch(/~ containers.app.digest: sha256:/);
    expect(stdout).not.toContain('correct-horse');
  });

  it('compares what runs with what is registered, and says so where they are not the same', async () => {
    const { stdout } = await rewindHere(['diff', 'web', 'running', 'registered', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'rewind.diff/1', fromName: 'web:1', toName: 'web:2' });
    const same = await rewindHere(['diff', 'web', '1', 'running']);
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('no difference') });
    expect(same.stdout.replace(/\s+/g, ' ')).toContain('web:2 is registered, and does not run');
    expect(await rewindHere(['diff', 'web'])).toMatchObject({ code: 65, stdout: '' });
    expect(await rewindHere(['diff', 'web', '77'])).toMatchObject({ code: 65, stdout: '' });
  });
});

describe('rewind open', () => {
  it('writes the address of the page, and asks nobody for an ARN', async () => {
    const { code, stdout } = await rewindHere(['open', 'web', '--tab', 'logs']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'https://us-east-1.console.aws.amazon.com/ecs/v2/clusters/prod/services/web/logs?region=us-east-1\n',
    });
    const arn = 'arn:aws-cn:ecs:cn-north-1:123456789012:service/prod/web';
    expect((await rewindHere(['open', arn])).stdout).toBe(
      'https://console.amazonaws.cn/ecs/v2/clusters/prod/services/web/deployments?region=cn-north-1\n',
    );
  });
});

describe('rewind completion', () => {
  it('R144 completes commands, options and the services that were listed last, without Node or AWS', async () => {
    await rewindHere(['status']);
    const script = files.write('rewind.bash', (await rewindHere(['completion', 'bash'])).stdout);
    const complete = (...words: string[]) =>
      execFileSync('bash', ['--norc', '-c', completing, 'bash', script, ...words], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        // There is nothing to be run.
        env: { PATH: '/bin:/usr/bin', XDG_CACHE_HOME: files.path },
      }).trim();
    expect(complete('rewind', 'his')).toBe('history');
    expect(complete('rewind', 'status', 'pr')).toBe('prod/web');
    expect(complete('rewind', 'wait', '--ti')).toBe('--timeout');
    expect(complete('rewind', 'guard', 'a')).toBe('apply');
    expect(complete('rewind', 'wait', 'prod/web', '--format', 'j')).toBe('json');
    for (const shell of ['zsh', 'fish']) {
      const written = await rewindHere(['completion', shell]);
      expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining('rewind/services') });
    }
  });
});

const completing = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rewind; echo "\${COMPREPLY[@]}"`;
