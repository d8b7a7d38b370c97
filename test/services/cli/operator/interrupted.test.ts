import { type ChildProcess, spawn } from 'node:child_process';
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
  for (const name of ['web', 'worker']) {
    register(name);
    const service = { serviceName: name, taskDefinition: name, desiredCount: 1 };
    account.call('CreateService', { cluster: 'prod', ...service });
  }
  await account.pass(1800);
  for (const name of ['web', 'worker']) update(name);
  await account.pass(1800);
}, 60_000);
afterAll(async () => {
  await account?.stop();
  await table?.stop();
});

function register(family: string): void {
  const containerDefinitions = [{ name: 'app', image: 'shop/web:1' }];
  account.call('RegisterTaskDefinition', { family, containerDefinitions });
}

function update(name: string): void {
  register(name);
  account.call('UpdateService', { cluster: 'prod', service: name, taskDefinition: name });
}

const updates = () => account.simulator.calls.list('UpdateService').length;

/** A command in a process of its own, as somebody runs it who presses Ctrl-C in time. */
class PressedCommand {
  readonly #child: ChildProcess;
  output = '';

  constructor(...parameters: string[]) {
    const env = { ...process.env, AWS_ACCESS_KEY_ID: 'ada', NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [inject('builtCommand'), ...parameters], { env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
    }
  }

  /** Presses once that has been seen, and answers with the exit code. */
  async pressWhen(isSeen: () => boolean, meanwhile: () => Promise<void> = async () => {}) {
    const ended = once(this.#child, 'close');
    while (!isSeen() && this.#child.exitCode === null) await setImmediate();
    this.#child.kill('SIGINT');
    let code: number | null | undefined;
    ended.then(([number]) => {
      code = number;
    });
    while (code === undefined) {
      await meanwhile();
      await setImmediate();
    }
    return code;
  }
}

describe('Ctrl-C', () => {
  it.each(['wait', 'watch'])('R117 ends rewind %s, and nothing else', async (verb) => {
    update('web');
    await account.pass(5);
    const before = updates();
    const command = new PressedCommand(verb, 'prod/web');
    expect(await command.pressWhen(() => command.output.includes('being rolled out'))).toBe(130);
    expect(command.output).toMatch(/go(es)? on/);
    expect(updates()).toBe(before);
    await account.pass(1800);
  });

  it('R117 ends the waiting of rewind deploy once ECS was called, and says how to wait on', async () => {
    const before = updates();
    const deploy = ['deploy', 'prod/web', '--task-definition', '1', '--force', '--yes', '--wait'];
    const command = new PressedCommand(...deploy);
    const letPass = () => account.pass(1);
    let isSeen = false;
    const passing = (async () => {
      while (!isSeen) {
        await letPass();
        await setImmediate();
      }
    })();
    const code = await command.pressWhen(() => {
      isSeen = command.output.includes('being rolled out');
      return isSeen;
    });
    isSeen = true;
    await passing;
    expect(code).toBe(130);
    expect(command.output).toMatch(/wait on with rewind wait prod\/web --deployment ecs-svc\/\d+/);
    expect(updates()).toBe(before + 1);
    await account.pass(1800);
  });

  it('R124 between two services ends behind the one that is changed, and says which is done', async () => {
    const before = updates();
    const told = () => account.simulator.calls.list('PutEvents').length;
    const toldBefore = told();
    const back = ['rollback', 'prod/web', 'prod/worker', '--to', 'previous', '--yes'];
    const command = new PressedCommand(...back);
    const code = await command.pressWhen(
      () => told() > toldBefore,
      () => account.pass(1),
    );
    expect(command.output).toContain('interrupted: prod/web had its turn, prod/worker not');
    expect(code).toBe(130);
    expect(updates()).toBe(before + 1);
  });
});
