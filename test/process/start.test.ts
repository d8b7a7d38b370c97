import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';
import { until } from './until';

/**
 * Where the program and its children put their temporary files: every process it starts names this
 * folder.
 */
let folder = '';
/** What tsx compiles once: it need not do so again for each program. */
const compiled = path.join(tmpdir(), `tsx-${userInfo().uid}`);
beforeAll(() => mkdir(compiled, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rewind-test-'));
  await symlink(compiled, path.join(folder, path.basename(compiled)));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(...parameters: string[]) {
  return run(process.execPath, ['--import', 'tsx', 'infra/local/stories/main.ts', ...parameters]);
}

function run(program: string, parameters: readonly string[]) {
  const child = spawn(program, parameters, { cwd: projectFolder, env: { ...process.env, TMPDIR: folder } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  return { child, output, ended: once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]> };
}

async function expectNothingLeft(): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'args=']);
  expect(stdout.split('\n').filter((line) => line.includes(folder))).toEqual([]);
  expect((await readdir(folder)).filter((name) => name.startsWith('rewind'))).toEqual([]);
}

describe('npm start', () => {
  it('tells the default story to its end, and leaves nothing running', async () => {
    // Faster, a lease would end within what a busy machine needs between two calls.
    const { output, ended } = start('--speed', '30');
    expect([await ended, output.stderr]).toEqual([[0, null], '']);
    expect(output.stdout).toMatch(/operator {2}UpdateService with web:2\n/);
    expect(output.stdout).toMatch(/ECS {7}\d tasks? of web:2 stopped: essential-container-exited \(/);
    expect(output.stdout).toMatch(/Rewind {4}verdict on web:2: failed \(TaskFailures\)/);
    expect(output.stdout).toMatch(/people {4}read: Rewind: prod\/web: web:2 failed\n/);
    expect(output.stdout).toMatch(/people {4}read: Rewind: prod\/web: is back on web:1\n/);
    expect(output.stdout).toMatch(/\nSummary\n {2}verdict {5}web:2 failed \(TaskFailures\)/);
    expect(output.stdout).toContain('ECS received 1 from Rewind: StopServiceDeployment (took effect)');
    expect(output.stdout).toContain('✓ Rewind took web:2 back, once: the service runs web:1 again');
    expect(output.stdout).toContain('npx --no-install rewind replay .rewind/crash-loop.jsonl\n');
    expect(output.stdout).not.toContain('\u001b');
    expect(output.stdout).not.toMatch(/^\{/m);
    const log = await readFile(path.join(projectFolder, '.rewind/functions.log'), 'utf8');
    expect(log).toMatch(/"message":"reconciled".*"ecsService":"prod\/web"/);
    await expectNothingLeft();
  });

  it('stays after the story when told to, with its addresses, until Ctrl-C', async () => {
    const { child, output, ended } = start('--speed', '100', '--scenario', 'healthy', '--keep');
    await until(() => output.stdout.includes('Ctrl-C ends it'));
    const [, endpoint = ''] = /AWS_ENDPOINT_URL=(http:\S+)/.exec(output.stdout) ?? [];
    expect((await fetch(endpoint)).status).toBe(400);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    await expect(fetch(endpoint)).rejects.toThrow();
    await expectNothingLeft();
  });

  it.each([
    [150, 'SIGINT'],
    [500, 'SIGTERM'],
    [900, 'SIGINT'],
    [1300, 'SIGTERM'],
    [2500, 'SIGTERM'],
  ] as const)('leaves nothing behind when it is ended after %i ms by %s', async (milliseconds, signal) => {
    const { child, output, ended } = start('--speed', '50');
    await delay(milliseconds);
    child.kill(signal);
    const [code, killedBy] = await ended;
    // Before it listens, nothing has been started, and the signal itself ends it.
    if (killedBy === null) expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    else expect([killedBy, output.stdout]).toEqual([signal, '']);
    expect(output.stderr).toBe('');
    await expectNothingLeft();
  });

  it('leaves nothing behind when npm is told to end', async () => {
    const { child, output, ended } = run('npm', ['start']);
    await until(() => output.stdout.includes('scenario'));
    await delay(700);
    child.kill('SIGTERM');
    expect([
      [143, null],
      [null, 'SIGTERM'],
    ]).toContainEqual(await ended);
    expect(output.stdout).not.toContain('Summary');
    await expectNothingLeft();
  });

  it('says in one sentence what is wrong with its command line', async () => {
    const { output, ended } = start('--scenario', 'nope');
    expect(await ended).toEqual([64, null]);
    expect(output).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^there is no scenario "nope": choose one of [^.\n]+\n$/),
    });
  });
});
