// How fast a history is replayed, beside what is the limit and what others would take: npm run
// bench replay
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { history } from '../fixtures/histories/history';

const lines = 200_000;
const rounds = 5;
/** Our replay takes at most so many times what JSON.parse alone takes. */
const goal = 2;
const root = fileURLToPath(new URL('../../', import.meta.url));

interface Contestant {
  readonly what: string;
  readonly does: 'parse' | 'replay' | 'castore';
  /** The file that stands in for the walk along the chart. */
  readonly walk?: string;
}

const contestants: readonly Contestant[] = [
  { what: 'JSON.parse of each line alone, the limit', does: 'parse' },
  { what: 'rewind: parse, translate, fold, judge', does: 'replay' },
  { what: "the same fold in castore's reducer loop", does: 'castore' },
  { what: "the same with XState's transition()", does: 'replay', walk: 'test/benchmarks/xstate-walk.ts' },
];

await mkdir(path.join(root, '.rewind'), { recursive: true });
const folder = await mkdtemp(path.join(root, '.rewind/replay-'));
try {
  await compare();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const { lines: told } = history({ services: 400, rollouts: 2, badPercent: 10, lines, seed: 1 });
  const file = path.join(folder, 'history.jsonl');
  await writeFile(file, told.map((line) => `${line}\n`).join(''));
  const programs = await Promise.all(contestants.map(bundle));
  const times = contestants.map(() => [] as number[]);
  // In turns, so that what else the machine does falls on all of them.
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { does }] of contestants.entries()) {
      times[index]?.push(milliseconds([programs[index] ?? '', does, file]));
    }
  }
  print(times.map(median), told.length);
}

function print(medians: readonly number[], told: number): void {
  const [limit = 1, ours = 1] = medians;
  process.stdout.write(
    `  ${told.toLocaleString('en-US')} notifications, processor time, the median of ${rounds} runs each\n`,
  );
  for (const [index, { what }] of contestants.entries()) {
    const time = medians[index] ?? 0;
    const ratios = `${(time / limit).toFixed(2)} × the limit, ${(time / ours).toFixed(2)} × rewind`;
    process.stdout.write(`  ${what.padEnd(42)} ${time.toFixed(0).padStart(6)} ms   ${ratios}\n`);
  }
  const word = ours <= goal * limit ? 'met' : 'missed';
  process.stdout.write(`  the goal, at most ${goal} × the limit, is ${word}\n`);
}

/** As it is shipped: bundled, and without what tsx adds to functions to keep their names. */
async function bundle({ walk }: Contestant, index: number): Promise<string> {
  const program = path.join(folder, `${index}.mjs`);
  const standIn = {
    name: 'walk',
    setup(setup: { onResolve(filter: { filter: RegExp }, to: () => { path: string }): void }) {
      if (walk !== undefined)
        setup.onResolve({ filter: /\/chart-walk$/ }, () => ({ path: path.join(root, walk) }));
    },
  };
  await build({
    entryPoints: [path.join(root, 'test/benchmarks/replay-contestant.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [standIn],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return program;
}

function milliseconds(parameters: readonly string[]): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout).milliseconds;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
