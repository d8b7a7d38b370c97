import { describe, expect, it } from 'vitest';
import { planBacktest } from '../../../services/cli/backtest/backtest';
import { formatBacktestDocument } from '../../../services/cli/backtest/backtest-document';
import { parseSweep } from '../../../services/cli/backtest/backtest-sweep';
import { backtested, past as pastLines, rollouts } from './backtest/backtested';
import { rewind, temporaryFiles } from './rewind';
import { rewindHere } from './rewind-here';

const files = temporaryFiles();

const past = files.write('past.jsonl', pastLines.join('\n'));
const strict = files.write('strict.yml', 'defaults: { failureRule: percent, minimumFailures: 2 }');
const careful = files.write('careful.yml', 'defaults: { failureRule: percent, minimumFailures: 4 }');
const replay = (...parameters: string[]) => rewindHere(['replay', past, '--format', 'json', ...parameters]);
const tried = (...parameters: string[]) => rewindHere(['backtest', past, '--format', 'json', ...parameters]);

interface Verdict {
  readonly result: string;
  readonly at: string;
}
interface Rollout {
  readonly service: string;
  readonly deployment: string;
  readonly startedAt: string;
  readonly rollbackOf: string | null;
  readonly verdict: Verdict | null;
}

function failedIn({ stdout }: { readonly stdout: string }): Map<string, string> {
  const failed = (JSON.parse(stdout).rollouts as Rollout[]).filter(
    ({ verdict }) => verdict?.result === 'failed',
  );
  return new Map(failed.map(({ deployment, verdict }) => [deployment, verdict?.at ?? '']));
}

describe('rewind backtest --compare', () => {
  it('tells exactly what two replays tell apart', async () => {
    const [before, after, compared] = await Promise.all([
      replay('--policy', strict),
      replay('--policy', careful),
      tried('--policy', careful, '--compare', strict),
    ]);
    const [failedBefore, failedAfter] = [failedIn(before), failedIn(after)];
    const { comparison, truths } = JSON.parse(compared.stdout);
    expect(compared).toMatchObject({ code: 0, stderr: '' });
    const isBad = rollouts.filter((rollout) => rollout.isBad).length;
    expect(truths).toEqual({ good: rollouts.length - isBad, bad: isBad, unknown: 0 });
    expect(comparison.changes.spared).toBeGreaterThan(0);
    expect(comparison.changes.later).toBeGreaterThanOrEqual(isBad);
    const changed = comparison.differences.map(
      (each: Rollout & { change: string; laterBySeconds: number }) => {
        const [was, is] = [failedBefore.get(each.deployment), failedAfter.get(each.deployment)];
        const laterBySeconds =
          was === undefined || is === undefined ? null : (Date.parse(is) - Date.parse(was)) / 1000;
        expect(each.laterBySeconds).toBe(laterBySeconds);
        expect(each.change).toBe(is === undefined ? 'spared' : 'later');
        return each.deployment;
      },
    );
    const apart = [...failedBefore].filter(([deployment, at]) => failedAfter.get(deployment) !== at);
    expect(new Set(changed)).toEqual(new Set(apart.map(([deployment]) => deployment)));
    expect(comparison).toMatchObject({ falseRollbacks: 0, missed: 0 });
    expect(comparison.tasksSpared).toBeLessThan(0);
  });

  it('says it to a person in lines that fit the screen', async () => {
    const { code, stdout } = await rewindHere(['backtest', past, '--policy', strict, '--compare', careful]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/prod\/service-\d+ to service-\d+:\d +would be taken back\n/);
    expect(stdout).toMatch(/s sooner\n {2}ecs-svc\/\d+, bad in truth\n/);
    expect(stdout).toMatch(/tasks? fewer would have started\n/);
    expect(stdout).toContain(`${rollouts.length} rollouts: `);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('believes the labels of a file before the history, and names one that fits no rollout', async () => {
    const [bad] = rollouts.filter((rollout) => rollout.isBad);
    const rows = [`${bad?.service},${bad?.deployment},good`, `${bad?.service},ecs-svc/404,bad`];
    const labels = files.write('labels.csv', `service,deployment,label\n${rows.join('\n')}\n`);
    const { code, stdout, stderr } = await tried(
      '--policy',
      strict,
      '--compare',
      careful,
      '--labels',
      labels,
    );
    expect(code).toBe(65);
    expect(stderr).toBe(`${labels}, line 3: the history holds no rollout of this service and deployment\n`);
    const { comparison } = JSON.parse(stdout);
    const labelled = comparison.differences.find(({ deployment }: Rollout) => deployment === bad?.deployment);
    expect(labelled.truth).toBe('good');
  });

  it.each([
    [{ compare: strict }, 64, '--compare needs --policy'],
    [{ cost: { falseRollback: 1, missed: 10 } }, 64, '--cost needs --sweep'],
    [
      { sweep: parseSweep('failurePercent=5'), labels: 'no.csv' },
      66,
      'no.csv, the file of labels, cannot be read',
    ],
    [{ policy: strict, compare: 'no.yml' }, 66, 'no.yml, the policy file, cannot be read'],
  ])('is refused when it is wrong: %j', async (given, code, sentence) => {
    const refusal = await planBacktest(given).catch((error) => error);
    expect(refusal).toMatchObject({ exitCode: code, message: expect.stringContaining(sentence) });
  });

  it('is refused on the command line with its code', async () => {
    const ended = await tried('--sweep', 'failurePercent=5..50:0.1');
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toContain('at most 200 are tried');
  });

  it('is the same under the name that it had before, which no help shows', async () => {
    const asked = ['--policy', careful, '--compare', strict, '--sweep', 'minimumFailures=1,2'];
    const [now, before, help] = await Promise.all([
      tried(...asked),
      replay(...asked),
      rewindHere(['replay', '--help']),
    ]);
    expect(now).toMatchObject({ code: 0, stderr: '' });
    expect(before).toEqual(now);
    expect(help.stdout).not.toMatch(/--compare|--sweep|--labels|--cost|--at-most-false/);
    expect(await replay('--labels', 'x.csv')).toMatchObject({ code: 66, stdout: '' });
  });

  it('says its exit codes in its help', async () => {
    const { code, stdout } = await rewindHere(['backtest', '--help']);
    expect(code).toBe(0);
    for (const exit of [0, 64, 65, 66, 69, 78]) expect(stdout).toMatch(new RegExp(`^ +${exit} `, 'm'));
  });
});

describe('rewind backtest --sweep', () => {
  const sweep = parseSweep('minimumFailures=1..5', parseSweep('failurePercent=10..50'));

  it('tries every combination, and the policy as it is', async () => {
    const { sweep: entries, comparison } = JSON.parse(
      formatBacktestDocument(await backtested({ policy: strict, sweep })),
    );
    expect(comparison).toBeNull();
    expect(entries).toHaveLength(1 + 9 * 5);
    const as = (set: object) =>
      entries.find((each: { set: object }) => JSON.stringify(each.set) === JSON.stringify(set));
    const given = as({});
    expect(given).toMatchObject({ ...as({ failurePercent: 10, minimumFailures: 2 }), set: {}, missed: 0 });
    expect(as({ failurePercent: 10, minimumFailures: 1 }).falseRollbacks).toBeGreaterThan(
      given.falseRollbacks,
    );
    expect(as({ failurePercent: 10, minimumFailures: 5 }).falseRollbacks).toBe(0);
    const tries = [1, 2, 3, 4, 5].map((minimumFailures) => as({ failurePercent: 10, minimumFailures }));
    const seconds = tries.map(({ secondsToVerdict }) => secondsToVerdict.half);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });

  // As many policies as make threads worth their start.
  it('comes to the same on the threads of the bundle', { timeout: 120_000 }, async () => {
    const parameters = ['--sweep', 'failurePercent=1..61', '--sweep', 'minimumFailures=1..7'];
    const { stdout } = await rewind(['backtest', past, '--format', 'json', ...parameters]);
    const many = parseSweep('minimumFailures=1..7', parseSweep('failurePercent=1..61'));
    expect(stdout).toBe(formatBacktestDocument(await backtested({ sweep: many })));
  });

  it('shows the trade-off to a person as a table', async () => {
    const { code, stdout } = await rewindHere([
      'backtest',
      past,
      '--policy',
      strict,
      '--sweep',
      'failurePercent=10..20',
      '--sweep',
      'minimumFailures=1..5',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ failurePercent {2}minimumFailures {2}false \(of \d+\) {2}missed \(of \d+\)/);
    expect(stdout).toMatch(/^\* +10 +5 +0 \(0–11 %\) +0 \(0–32 %\) +0 /m);
    expect(stdout).toMatch(/^\*~ +10 +2 /m);
    expect(stdout).toMatch(
      / {2}enforced +\S+strict\.yml, in these 1 d 7 h: 10 of 32 good\s+rollouts\s+taken/,
    );
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
