import { readFile } from 'node:fs/promises';
import path from 'node:path';
import colours from 'picocolors';
import { describe, expect, it } from 'vitest';
import { formatBacktestDocument } from '../../../../services/cli/backtest/backtest-document';
import { parseSweep } from '../../../../services/cli/backtest/backtest-sweep';
import { formatBacktestText } from '../../../../services/cli/backtest/backtest-text';
import { history } from '../../../fixtures/histories/history';
import { temporaryFiles } from '../rewind';
import { rewindHere } from '../rewind-here';
import { backtested, past, pastOptions, rollouts } from './backtested';

const files = temporaryFiles();
const file = files.write('past.jsonl', past.join('\n'));
const careful = files.write('careful.yml', 'defaults: { failureRule: percent, minimumFailures: 4 }');
const policy = files.write('fixed.yml', 'defaults: { failureRule: percent }');
const sweep = parseSweep('minimumFailures=1..5');
const tried = (...parameters: string[]) => rewindHere(['backtest', file, '--format', 'json', ...parameters]);

describe('the advice of rewind backtest', () => {
  it('says what enforcing it would have done, service by service', async () => {
    const found = await backtested({ policy: careful });
    const { given, services, choice, sweep, warning } = JSON.parse(formatBacktestDocument(found));
    expect([sweep, choice, warning]).toEqual([null, null, null]);
    expect(given).toMatchObject({ good: 32, bad: 8, falseRollbacks: 4, missed: 0 });
    expect(given.falseRate).toEqual({ share: 0.125, from: 0.0497, to: 0.2807 });
    expect(given.missedRate).toEqual({ share: 0, from: 0, to: 0.3244 });
    expect(services).toHaveLength(pastOptions.services);
    expect(services[0]).toMatchObject({ mode: 'enforce', readiness: 'tooMany', better: null });
    expect(services.at(-1)).toMatchObject({ falseRollbacks: 0, readiness: 'unknown' });
  });

  it('writes the rollouts for people to label, and reads them back', async () => {
    const template = path.join(path.dirname(file), 'to-label.csv');
    const written = await tried('--labels-template', template);
    expect(written).toMatchObject({ code: 0, stderr: '' });
    const [heads = '', ...rows] = (await readFile(template, 'utf8')).trim().split('\n');
    expect(heads).toBe('service,deployment,started,label,taskDefinition,history,policy');
    expect(rows).toHaveLength(rollouts.length);
    expect(await tried('--labels', template)).toEqual(written);
    const filled = rows.map((row) => row.replace(/Z,,/, 'Z,bad,'));
    const labels = files.write('labelled.csv', [heads, ...filled].join('\r\n'));
    const { stdout } = await tried('--labels', labels);
    expect(JSON.parse(stdout).truths).toEqual({ good: 0, bad: rollouts.length, unknown: 0 });
    const again = await tried('--labels-template', template);
    expect(again).toMatchObject({ code: 69, stdout: '' });
    expect(again.stderr).toContain('there is a file of that name already');
  });

  it('warns where nothing in the history is bad, and what counts as false may be a catch', async () => {
    const unprotected = history({ ...pastOptions, services: 2, badPercent: 0, lines: 400 }).lines.join('\n');
    const { stdout } = await rewindHere(['backtest', files.write('unprotected.jsonl', unprotected)]);
    expect(stdout).toMatch(
      /^Nothing in this history is bad: where neither ECS nor people took releases back/,
    );
    expect(stdout).toMatch(/\d rollouts? that count here as false may be\s+catches/);
  });

  it('chooses what costs least, or misses least with few false ones, and says how surely', async () => {
    const costly = await backtested({ policy, sweep, cost: { falseRollback: 1, missed: 10 } });
    const { choice, services } = JSON.parse(formatBacktestDocument(costly));
    expect(choice).toMatchObject({ set: { minimumFailures: 5 }, cost: { value: 0 }, costUnseen: 0 });
    expect(choice.saving.value).toBe(10);
    expect(choice.saving.from).toBeCloseTo(10 - 1.96 * Math.sqrt(10), 3);
    expect(services.every(({ better }: { better: unknown }) => better === null)).toBe(true);
    const few = JSON.parse(formatBacktestDocument(await backtested({ policy, sweep, atMostFalse: 0.15 })));
    expect(few.choice.set).toEqual({ minimumFailures: 4 });
    const none = await backtested({ policy, sweep: parseSweep('minimumFailures=1,2'), atMostFalse: 0 });
    expect(none.choice).toBeNull();
    expect([...formatBacktestText(none, colours)].join('')).toContain(
      'nothing that was tried takes back at most 0 % of the good',
    );
  });
});
