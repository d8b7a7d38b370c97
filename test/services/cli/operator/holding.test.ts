import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { EveningAccount } from '../../../evening/evening-account';
import { openOwnTable } from '../../../fixtures/own-table';

let table: LocalTable;
let account: EveningAccount;
beforeAll(async () => {
  table = await openOwnTable();
  account = await EveningAccount.start(table);
  account.call('CreateCluster', { clusterName: 'prod' });
  register();
  const service = { serviceName: 'web', taskDefinition: 'web', desiredCount: 1 };
  account.call('CreateService', { cluster: 'prod', ...service });
  await account.pass(1800);
}, 60_000);
afterAll(async () => {
  await account?.stop();
  await table?.stop();
});

function register(dockerLabels: Record<string, string> = {}): void {
  const containerDefinitions = [{ name: 'app', image: 'shop/web:1', dockerLabels }];
  account.call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
}

function update(): void {
  account.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: 'web' });
}

const who = { AWS_ACCESS_KEY_ID: 'cleo' };
const rewind = (...parameters: string[]) => account.rewind(parameters, who);
const effects = (operation: string) => account.simulator.calls.effective(operation).length;

describe('rewind freeze', () => {
  it('R131 says what is under way, ends it where that is wished for, and ends itself', async () => {
    register();
    update();
    await account.pass(20);
    const freeze = ['freeze', 'prod/web', '--scope', 'deploys', '--reason', 'Black Friday', '--yes'];
    const told = await rewind(...freeze, '--until', '1h');
    expect(told.code).toBe(0);
    expect(told.output).toContain('web:2 is under way, and is left alone: --abort-live ends it, too');
    expect(effects('StopServiceDeployment')).toBe(0);
    const ended = await rewind(...freeze, '--until', '2h', '--abort-live');
    expect(ended.code).toBe(0);
    expect(ended.output).toMatch(/↩ prod\/web: StopServiceDeployment to web:1 accepted/);
    await account.pass(1800);
    const refused = await rewind('deploy', 'prod/web', '--task-definition', '2', '--yes');
    expect(refused).toMatchObject({ code: 2, output: expect.stringContaining('frozen by') });
    const before = effects('UpdateService');
    await account.pass(2 * 3600);
    expect(effects('UpdateService'), 'its end deploys nothing').toBe(before);
    const deployed = await rewind('deploy', 'prod/web', '--task-definition', '2', '--force', '--yes');
    expect(deployed.code).toBe(0);
    await account.pass(1800);
  });
});

describe('rewind deploy', () => {
  it('R145 whose deployment another one replaces ends with 5, and never with the other one’s end', async () => {
    const parameters = ['deploy', 'prod/web', '--task-definition', '1', '--yes', '--wait'];
    const env = { ...process.env, AWS_ACCESS_KEY_ID: 'ci', NO_COLOR: '1' };
    const first = spawn(process.execPath, [inject('builtCommand'), ...parameters], { env });
    let said = '';
    first.stderr.on('data', (chunk) => {
      said += chunk;
    });
    let code: number | null | undefined;
    once(first, 'close').then(([number]) => {
      code = number;
    });
    // Time passes for what the command does, and stands still while it starts and waits.
    let seen = account.simulator.calls.list().length;
    while (!said.includes('being rolled out') && code === undefined) {
      await setImmediate();
      if (account.simulator.calls.list().length === seen) continue;
      seen = account.simulator.calls.list().length;
      await account.pass(1);
    }
    register();
    const second = await rewind('deploy', 'prod/web', '--task-definition', '3', '--yes', '--supersede');
    expect(second.code).toBe(0);
    await account.pass(120);
    while (code === undefined) await setImmediate();
    expect(code).toBe(5);
    await account.pass(3600);
  });

  it('R121 tells ECS’s own words where five deployments are unfinished', async () => {
    const error = 'InvalidParameterException';
    const message = 'Unable to create a new deployment: the limit of unfinished deployments is reached';
    const end = account.simulator.faults.fail({ operation: 'UpdateService', error, message });
    const refused = await rewind('deploy', 'prod/web', '--task-definition', '1', '--yes', '--supersede');
    end();
    expect(refused).toMatchObject({ code: 69, output: expect.stringContaining(message.slice(0, -1)) });
  });
});

describe('rewind wait in a pipeline', () => {
  it('R143 tells the verdict of a fork, whose summary may not be written', async () => {
    register({ 'rewind.behaviour': 'crash', 'rewind.crash-after': '4' });
    update();
    const gitHub = {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_STEP_SUMMARY: '/nosuch/summary.md',
      GITHUB_OUTPUT: '/nosuch/output',
      GITHUB_TOKEN: 'ghs_correcthorse',
    };
    const ended = await account.rewind(['wait', 'prod/web'], { ...who, ...gitHub });
    expect(ended.code).toBe(1);
    expect(ended.output.match(/^::error /gm)).toHaveLength(1);
    expect(ended.output.match(/cannot be written/g)).toHaveLength(2);
    expect(ended.output).not.toContain('correcthorse');
  });
});
