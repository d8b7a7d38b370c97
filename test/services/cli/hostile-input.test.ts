import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, symlinkSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, inject, it } from 'vitest';
import { history } from '../../fixtures/histories/history';
import { rewind, temporaryFiles } from './rewind';

const files = temporaryFiles();

const { lines } = history({ services: 1, rollouts: 1, badPercent: 100, lines: 20, seed: 7 });
const text = `${lines.join('\n')}\n`;
const judged = JSON.parse((await rewind(['replay', '--format', 'json'], text)).stdout);
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const evil = '\u001b]0;title\u0007\u001b[2J\r\nverdict passed\u202e\u009b31m\u200b';

function started(change: object) {
  const notification = JSON.parse(lines[1] ?? '');
  return JSON.stringify({ ...notification, id: 'hostile', ...change });
}

describe('hostile input', { concurrent: true }, () => {
  it('brings nothing that moves the cursor to the terminal, in results and in complaints', async () => {
    const hostile = [
      started({ resources: [`arn:aws:ecs:us-east-1:123456789012:service/prod${evil}/web`] }),
      started({ detail: { eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS', deploymentId: `ecs-svc/1${evil}` } }),
      started({
        detail: { eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS', deploymentId: 'ecs-svc/2\u001b[31m' },
      }),
      text.replaceAll('Essential container in task exited', JSON.stringify(evil).slice(1, -1)),
    ].join('\n');
    for (const format of ['text', 'json']) {
      const { stdout, stderr } = await rewind(['replay', '--format', format], hostile);
      expect(`${stdout}${stderr}`).not.toMatch(hidden);
      expect(stderr.trim().split('\n')).toHaveLength(3);
      expect(stdout).toContain('essential-container-exited');
    }
  });

  it('of many bad lines is ten sentences, and numbers by kind', async () => {
    const bad = '{}\n'.repeat(500) + '{"message":"x"}\n'.repeat(300);
    const { code, stderr } = await rewind(['replay'], bad + text);
    expect(code).toBe(65);
    expect(stderr.split('\n').slice(9)).toEqual([
      'standard input, line 10: this is not an EventBridge envelope: detail-type is missing',
      'standard input: 790 more like these',
      '  490 × this is not an EventBridge envelope: detail-type is missing',
      '  300 × message is not JSON',
      '',
    ]);
  });

  it.each<[string, Buffer, string]>([
    ['holes.jsonl', Buffer.from(`${text}\0\0\0\n${text}`), `line ${lines.length + 1}: this is not JSON`],
    [
      'garbage.gz',
      Buffer.concat([gzipSync(text), Buffer.from('something else')]),
      `line ${lines.length}: something else stands behind the gzip data`,
    ],
    [
      'cut.gz',
      Buffer.concat([gzipSync(text), gzipSync(text).subarray(0, 60)]),
      `line ${lines.length}: the gzip data is damaged or cut off`,
    ],
  ])('costs nothing that was good: %s', async (name, content, sentence) => {
    const file = files.write(name, content);
    const { code, stdout, stderr } = await rewind(['replay', file, '--format', 'json']);
    expect(stderr).toBe(`${file}, ${sentence}\n`);
    expect(code).toBe(65);
    expect(JSON.parse(stdout).rollouts).toEqual(judged.rollouts);
  });

  it('that cannot be opened gets a sentence, whatever the system has against it', async () => {
    const file = files.write('good.jsonl', text);
    const loop = `${files.path}/loop`;
    symlinkSync('loop', loop);
    const long = `${files.path}/${'a'.repeat(300)}`;
    const { code, stderr, stdout } = await rewind(['replay', loop, `${file}/x`, long, file]);
    expect(stderr).toBe(
      `${loop}: this link leads back to itself\n${file}/x: a part of its path is a file, not a directory\n${long}: its name is too long\n`,
    );
    expect(code).toBe(66);
    expect(stdout).toContain('1 rollout: 1 failed.');
    expect(await rewind(['replay', file, '--policy', '/dev/zero'])).toMatchObject({
      code: 66,
      stderr: '/dev/zero, the policy file, cannot be read: it is longer than 16 MiB\n',
    });
  });

  it('ends with a sentence where the disk under standard output is full', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [inject('builtCommand'), 'replay'], {
      stdio: ['pipe', full, 'pipe'],
    });
    const said: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    child.stdin?.end(text);
    const [code] = await once(child, 'close');
    closeSync(full);
    expect(Buffer.concat(said).toString()).toBe(
      'standard output cannot be written: there is no space left\n',
    );
    expect(code).toBe(69);
  });
});
