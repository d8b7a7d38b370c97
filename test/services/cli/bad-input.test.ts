import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { history } from '../../fixtures/histories/history';
import { rewind, temporaryFiles } from './rewind';
import { rewindHere } from './rewind-here';

const files = temporaryFiles();

const { lines } = history({ services: 1, rollouts: 2, badPercent: 50, lines: 60, seed: 7 });
const text = `${lines.join('\n')}\n`;
const judged = await rewind(['replay', '--format', 'json'], text);
const expected = JSON.parse(judged.stdout);

describe('bad input', { concurrent: true }, () => {
  const [first = '', second = ''] = lines;

  it.each([
    ['garbage', 'what is this?', 'line 2: this is not JSON'],
    ['a truncated line', second.slice(0, 300), 'line 2: this is not JSON'],
    ['a value that is no envelope', '{"hello":"world"}', 'line 2: this is not an EventBridge envelope'],
    ['a number', '42', 'line 2: this is a number, not an EventBridge envelope'],
    [
      'a detail of the wrong type',
      second.replace(/"detail":\{.*$/, '"detail":"text"}'),
      'line 2: detail must be an object',
    ],
    [
      'a bare CloudTrail record',
      '{"eventVersion":"1.09","eventSource":"ecs.amazonaws.com"}',
      'line 2: this is a bare CloudTrail record',
    ],
    ['a log message that is no JSON', '{"message":"START RequestId"}', 'line 2: message is not JSON'],
    [
      'a line of an export of a later version',
      '{"schemaVersion":9,"event":{}}',
      'line 2: schemaVersion 9 is not one',
    ],
  ])('gets a sentence with file and line, and costs no good line: %s', async (name, bad, sentence) => {
    const file = files.write(`${name}.jsonl`, [first, bad, ...lines.slice(1)].join('\n'));
    const { code, stdout, stderr } = await rewindHere(['replay', file, '--format', 'json']);
    expect(stderr).toContain(`${file}, ${sentence}`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(65);
    const document = JSON.parse(stdout);
    expect(document.rollouts).toEqual(expected.rollouts);
    expect(document.input).toEqual({ ...expected.input, read: expected.input.read + 1, invalid: 1 });
  });

  it('that ends in the middle of its last line is judged up to there', async () => {
    const { code, stdout, stderr } = await rewindHere(['replay', '--format', 'json'], text.slice(0, -20));
    expect(stderr).toBe(`standard input, line ${lines.length}: the input ends in the middle of this value\n`);
    expect(code).toBe(65);
    expect(JSON.parse(stdout).input).toMatchObject({ read: lines.length, invalid: 1 });
  });

  it.each<[string, string | Buffer, string]>([
    ['empty', '', 'there is nothing in this input'],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1]), 'this is binary data'],
    ['half.gz', gzipSync(text).subarray(0, 200), 'the gzip data is damaged or cut off'],
  ])('is named, and the other files are judged: %s', async (name, content, sentence) => {
    const bad = files.write(name, content);
    const { code, stdout, stderr } = await rewindHere(['replay', bad, '-', '--format', 'json'], text);
    expect(stderr).toContain(`${bad}, line 1: ${sentence}`);
    expect(code).toBe(65);
    expect(JSON.parse(stdout).rollouts).toEqual(expected.rollouts);
  });

  it('is code 66 where it cannot be opened, and the other files are judged', async () => {
    const missing = `${files.path}/missing.jsonl`;
    const { code, stdout, stderr } = await rewindHere(
      ['replay', missing, files.path, '-', '--format', 'json'],
      text,
    );
    expect(stderr).toBe(
      `${missing}: there is no such file\n${files.path}: this is a directory, not a file\n`,
    );
    expect(code).toBe(66);
    expect(JSON.parse(stdout)).toEqual(expected);
    expect(await rewindHere(['replay', missing])).toMatchObject({ code: 66, stdout: '' });
  });
});
