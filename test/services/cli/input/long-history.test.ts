import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { History } from '../../../../services/cli/input/history';
import { formatReplayDocument } from '../../../../services/cli/replay/replay-document';
import { replayHistory } from '../../../../services/cli/replay/replay-history';
import { noPolicyFile } from '../../../../services/policy/policy-file';
import { deliver } from '../../../fixtures/histories/generate';
import { history } from '../../../fixtures/histories/history';
import { rewind, temporaryFiles } from '../rewind';

const files = temporaryFiles();

/** 200,000 of them in `npm run test:properties`, within the 300 MB that are promised for them. */
const notifications = Number(process.env.REWIND_LINES ?? 60_000);
const megabytes = 100 + notifications / 1000;

describe('a history of many services', () => {
  const seeds = [1, 2, 3];

  it.each(seeds)('is judged as it truly was (seed %i)', (seed) => {
    const { lines, rollouts } = history({ services: 30, rollouts: 2, badPercent: 10, lines: 6000, seed });
    // ECS re-uses the id of the deployment that it goes back to: the rollout itself is the first
    // with its id.
    const judged = new Map<string, string | undefined>();
    for (const { deployment, verdict } of replayed(lines).rollouts) {
      if (!judged.has(deployment)) judged.set(deployment, verdict?.result);
    }
    const truth = rollouts.map(({ deployment, isBad }) => [deployment, isBad ? 'failed' : 'passed'] as const);
    expect(judged).toEqual(new Map(truth));
  });

  it.each(seeds)(
    'is judged alike, byte for byte, shuffled and delivered in part twice (seed %i) (I2)',
    (seed) => {
      const { lines } = history({ services: 20, rollouts: 3, badPercent: 20, lines: 4000, seed });
      const delivered = deliver(lines, { seed, isShuffled: true, duplicateEvery: 3 });
      const { input, rollouts } = replayed(delivered);
      expect(JSON.stringify(rollouts)).toBe(JSON.stringify(replayed(lines).rollouts));
      expect(input.read).toBe(input.folded + input.duplicates + input.ignored + input.invalid);
      expect(input.read).toBe(delivered.length);
    },
  );
});

// Peak memory is read from /proc.
describe.runIf(existsSync('/proc/self/status'))(`a history of ${notifications} notifications`, () => {
  it(`is judged right within ${megabytes} MB`, { timeout: 180_000 }, async () => {
    const { file, truth } = writeLongHistory();
    const reportsMemory = new URL('../report-memory.mjs', import.meta.url).href;
    const { code, stdout, stderr } = await rewind(['replay', file, '--format', 'json'], '', [
      '--import',
      reportsMemory,
    ]);
    expect(code).toBe(0);
    expect(Number(/kilobytes:(\d+)/.exec(stderr)?.[1]) / 1024).toBeLessThan(megabytes);
    expect(stderr).toContain('50,000 notifications read');
    expect(failed(JSON.parse(stdout).rollouts)).toEqual(truth);
  });
});

interface RolloutInJudgement {
  readonly deployment: string;
  readonly verdict: { readonly result: string } | null;
}

function failed(rollouts: readonly RolloutInJudgement[]): string[] {
  return rollouts
    .filter(({ verdict }) => verdict?.result === 'failed')
    .map(({ deployment }) => deployment)
    .sort();
}

function writeLongHistory(): { file: string; truth: string[] } {
  const { lines, rollouts } = history({
    services: notifications / 500,
    rollouts: 2,
    badPercent: 10,
    lines: notifications,
    seed: 1,
  });
  expect(lines.length).toBeGreaterThan(0.95 * notifications);
  const bytes = Buffer.concat(lines.map((line) => Buffer.from(`${line}\n`)));
  const truth = rollouts.filter(({ isBad }) => isBad).map(({ deployment }) => deployment);
  return { file: files.write('long.jsonl', bytes), truth: truth.sort() };
}

function replayed(lines: readonly string[]): {
  readonly input: { read: number; folded: number; duplicates: number; ignored: number; invalid: number };
  readonly rollouts: readonly RolloutInJudgement[];
} {
  const read = new History({ policyFile: noPolicyFile, leavesOutDecisions: false, asOf: null });
  for (const line of lines) expect(read.take(JSON.parse(line))).toBeNull();
  const rollouts = replayHistory(read, noPolicyFile);
  return JSON.parse(formatReplayDocument({ input: read.inputCounts(), rollouts }));
}
