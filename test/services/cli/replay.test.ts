import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { history } from '../../fixtures/histories/history';
import { rewind, temporaryFiles } from './rewind';
import { rewindHere } from './rewind-here';

const files = temporaryFiles();

const { lines, rollouts } = history({ services: 1, rollouts: 2, badPercent: 50, lines: 60, seed: 7 });
const text = `${lines.join('\n')}\n`;
const judged = await rewind(['replay', '--format', 'json'], text);
const expected = JSON.parse(judged.stdout);

describe('rewind replay', { concurrent: true }, () => {
  it('judges what it reads on standard input', () => {
    expect(judged).toMatchObject({ code: 0, stderr: '' });
    expect(expected.input).toMatchObject({ read: lines.length, duplicates: 0, invalid: 0 });
    const bad = rollouts.filter(({ isBad }) => isBad).map(({ deployment }) => deployment);
    expect(failedDeployments(expected)).toEqual(bad);
  });

  it('writes the keys of the contract in their order', () => {
    expect(Object.keys(expected)).toEqual(['input', 'rollouts']);
    expect(Object.keys(expected.input)).toEqual(['read', 'folded', 'duplicates', 'ignored', 'invalid']);
    const [rollout] = expected.rollouts;
    expect(Object.keys(rollout)).toEqual([
      'service',
      'deployment',
      'taskDefinition',
      'rollbackOf',
      'by',
      'startedAt',
      'endedAt',
      'phase',
      'outcome',
      'verdict',
      'rollback',
      'tasks',
      'evidence',
      'transitions',
    ]);
    expect(Object.keys(rollout.verdict)).toEqual(['result', 'reason', 'message', 'at', 'eventId']);
    expect(Object.keys(rollout.tasks)).toEqual(['started', 'failed', 'byClass']);
    expect(Object.keys(rollout.transitions[0])).toEqual(['from', 'to', 'at', 'reason', 'eventId']);
    expect(rollout.by).toMatch(/^arn:aws:/);
    expect(rollout.startedAt).toMatch(/^2026-01-01T\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each<[string, string | Buffer]>([
    ['a gzipped file', gzipSync(text)],
    [
      'a list',
      JSON.stringify(
        lines.map((line) => JSON.parse(line)),
        null,
        2,
      ),
    ],
    ['CloudWatch Logs pages', pages(4)],
    ['CloudWatch Logs pages, a line each', pages()],
    ['log events, a line each', lines.map((message) => JSON.stringify({ message, timestamp: 1 })).join('\n')],
  ])('reads %s', async (name, content) => {
    const { code, stdout } = await rewindHere(['replay', files.write(name, content), '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  it('reads several files and standard input as one history', async () => {
    const half = files.write('half', lines.slice(0, 20).join('\n'));
    const twice = files.write('twice', lines.slice(10, 30).join('\n'));
    const rest = lines.slice(30).join('\n');
    const { stdout } = await rewindHere(['replay', half, '-', twice, '--format', 'json'], rest);
    const document = JSON.parse(stdout);
    expect(document.rollouts).toEqual(expected.rollouts);
    expect(document.input.read).toBe(lines.length + 10);
    expect(document.input.duplicates + document.input.ignored).toBe(10 + expected.input.ignored);
  });

  it('tells a person of each rollout in a block that fits the screen', async () => {
    const { code, stdout } = await rewindHere(['replay'], text);
    expect(code).toBe(0);
    for (const rollout of rollouts) expect(stdout).toContain(rollout.deployment);
    expect(stdout).toContain('prod/service-0 to service-0:1');
    expect(stdout).toMatch(/verdict {5}failed after .*starts failed/);
    expect(stdout).toMatch(/verdict {5}passed after/);
    const [{ by }] = expected.rollouts;
    expect(stdout).toMatch(new RegExp(`^ {2}by +${by.slice(by.lastIndexOf('/') + 1)}$`, 'm'));
    expect(stdout).toContain(`${lines.length} notifications read`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).not.toContain('\x1b');
  });

  it('leaves out what happened after --as-of', async () => {
    const { stdout } = await rewindHere(
      ['replay', '--as-of', '2026-01-01T05:00:00Z', '--format', 'json'],
      text,
    );
    const document = JSON.parse(stdout);
    expect(document.rollouts).toHaveLength(1);
    expect(document.input.read).toBe(lines.length);
    expect(document.input.ignored).toBeGreaterThan(expected.input.ignored);
  });

  it('judges by the policy file that it is given', async () => {
    const lenient = files.write('lenient.yaml', 'defaults: { minimumFailures: 1000 }');
    const { stdout } = await rewindHere(['replay', '--policy', lenient, '--format', 'json'], text);
    const reasons = JSON.parse(stdout).rollouts.map(({ verdict }: RolloutInJudgement) => verdict?.reason);
    expect(reasons).toContain('NativeFailure');
    expect(reasons).not.toContain('TaskFailures');
    const elsewhere = files.write('elsewhere.json', '{"manage": ["elsewhere/*"]}');
    const nothing = await rewindHere(['replay', '--policy', elsewhere, '--format', 'json'], text);
    expect(JSON.parse(nothing.stdout)).toEqual({
      input: { read: lines.length, folded: 0, duplicates: 0, ignored: lines.length, invalid: 0 },
      rollouts: [],
    });
  });

  it('attaches an alarm to the services whose policy names it', async () => {
    const good = expected.rollouts.find(({ verdict }: RolloutInJudgement) => verdict?.result === 'passed');
    const raisedAt = new Date(Date.parse(good.startedAt) + 1000).toISOString();
    const alarms = [alarm('OK', good.startedAt), alarm('ALARM', raisedAt), alarm('ALARM', raisedAt)];
    const policy = files.write('alarms.yaml', 'services: [{ match: "prod/*", alarms: [web-5xx] }]');
    const parameters = ['replay', '--format', 'json'];
    const watched = await rewindHere([...parameters, '--policy', policy], `${text}${alarms.join('\n')}`);
    const { input, rollouts: judgedRollouts } = JSON.parse(watched.stdout);
    expect(judgedRollouts.map(({ verdict }: RolloutInJudgement) => verdict?.reason)).toContain('AlarmRaised');
    expect(input).toMatchObject({ folded: expected.input.folded + 2, duplicates: 1 });
    const unwatched = await rewindHere(parameters, `${text}${alarms.join('\n')}`);
    expect(JSON.parse(unwatched.stdout).rollouts).toEqual(expected.rollouts);
    expect(JSON.parse(unwatched.stdout).input.ignored).toBe(expected.input.ignored + 2);
  });
});

describe('the command line', { concurrent: true }, () => {
  it('says its exit codes in its help', async () => {
    const { code, stdout } = await rewindHere(['replay', '--help']);
    expect(code).toBe(0);
    for (const exit of [0, 64, 65, 66, 78]) expect(stdout).toMatch(new RegExp(`^ +${exit} `, 'm'));
  });

  it.each([
    [['replay', '--format', 'xml'], 'It is text, json or html.'],
    [['replay', '--as-of', 'yesterday'], 'It is a time such as 15:04'],
    [['replay', '--policies', 'x'], "unknown option '--policies'"],
    [['rewind'], "unknown command 'rewind'"],
  ])('is refused with code 64 when it is wrong: %j', async (parameters, sentence) => {
    const { code, stdout, stderr } = await rewindHere(parameters);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  it('is refused with code 78 for a wrong policy file, and 66 for none', async () => {
    const wrong = files.write('wrong.yaml', 'manage: ["*"]\nserivces: []\n');
    expect(() => parsePolicyFile('serivces: []', wrong)).toThrow();
    expect(await rewindHere(['replay', '--policy', wrong], text)).toEqual({
      code: 78,
      stdout: '',
      stderr: `${wrong}, line 2: serivces is not a key that Rewind knows\n`,
    });
    expect(await rewindHere(['replay', '--policy', `${files.path}/none.yaml`], text)).toMatchObject({
      code: 66,
    });
  });
});

interface RolloutInJudgement {
  readonly deployment: string;
  readonly verdict: { readonly result: string; readonly reason: string } | null;
}

function failedDeployments(document: { readonly rollouts: readonly RolloutInJudgement[] }): string[] {
  return document.rollouts
    .filter(({ verdict }) => verdict?.result === 'failed')
    .map(({ deployment }) => deployment);
}

/** Two pages, as `aws logs filter-log-events` prints them. */
function pages(indent?: number): string {
  return [lines.slice(0, 25), lines.slice(25)]
    .map((part, index) => ({
      events: part.map((message) => ({ logStreamName: 'a', timestamp: 1, message, eventId: '1' })),
      searchedLogStreams: [{ logStreamName: 'a', searchedCompletely: index === 1 }],
      ...(index === 0 ? { nextToken: 'x' } : {}),
    }))
    .map((page) => JSON.stringify(page, null, indent))
    .join('\n');
}

function alarm(value: string, timestamp: string): string {
  return JSON.stringify({
    version: '0',
    id: `alarm-${value}`,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '111122223333',
    time: timestamp,
    region: 'eu-west-1',
    resources: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-5xx'],
    detail: { alarmName: 'web-5xx', state: { value, timestamp: timestamp.replace('Z', '+0000') } },
  });
}
