// What a long history takes to replay, beside JSON.parse of its lines alone: npm run bench replay
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';
import { history } from '../fixtures/histories/history';

/**
 * What replay may take. Code that is faster than this, and harder to read for it, is not wanted.
 */
const budget = {
  /**
   * Processor time to parse, translate, fold and judge, as a multiple of JSON.parse of the same
   * lines.
   */
  timesJsonParse: 6,
  /** Memory that the whole command has resident at most. */
  megabytes: 300,
} as const;
const notifications = 200_000;
const rounds = 5;

await mkdir(path.join(projectFolder, '.rewind'), { recursive: true });
const folder = await mkdtemp(path.join(projectFolder, '.rewind/replay-'));
const file = path.join(folder, 'history.jsonl');
const contestant = path.join(folder, 'contestant.mjs');
try {
  const options = { services: 400, rollouts: 2, badPercent: 10, lines: notifications, seed: 1 };
  const { lines } = history(options);
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  await bundle();
  report(lines.length, times(), megabytes());
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** As it is shipped: bundled, and without what tsx adds to functions to keep their names. */
async function bundle(): Promise<void> {
  execFileSync(process.execPath, [path.join(projectFolder, 'services/cli/build.mjs'), folder]);
  await build({
    entryPoints: [path.join(projectFolder, 'test/benchmarks/replay-contestant.ts')],
    outfile: contestant,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}

interface Times {
  readonly parse: number;
  readonly replay: number;
}

/** Medians in milliseconds; measured in turns, so that other load on the machine falls on both. */
function times(): Times {
  const rows = Array.from({ length: rounds }, () => ({
    parse: Number(run([contestant, 'parse', file]).stdout),
    replay: Number(run([contestant, 'replay', file]).stdout),
  }));
  const median = (name: keyof Times) =>
    rows.map((row) => row[name]).sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  return { parse: median('parse'), replay: median('replay') };
}

function megabytes(): number {
  const { href } = new URL('../services/cli/report-memory.mjs', import.meta.url);
  const command = [path.join(folder, 'rewind.mjs'), 'replay', file, '--format', 'json'];
  const { stderr } = run(['--import', href, ...command]);
  return Number(/kilobytes:(\d+)/.exec(stderr)?.[1]) / 1024;
}

function run(parameters: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  const options = { encoding: 'utf8', maxBuffer: 1e9 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, options);
  if (status !== 0) throw new Error(stderr);
  return { stdout, stderr };
}

function report(lines: number, { parse, replay }: Times, resident: number): void {
  const ratio = replay / parse;
  const isMet = ratio <= budget.timesJsonParse && resident <= budget.megabytes;
  const texts = [
    `${lines.toLocaleString('en-US')} notifications, processor time, medians of ${rounds} runs`,
    `JSON.parse of each line          ${parse.toFixed(0)} ms`,
    `parse, translate, fold, judge    ${replay.toFixed(0)} ms, ${ratio.toFixed(2)} × JSON.parse`,
    `memory of rewind replay          ${resident.toFixed(0)} MB at most`,
    `the budget, ${budget.timesJsonParse} × and ${budget.megabytes} MB, is ${isMet ? 'met' : 'missed'}`,
  ];
  process.stdout.write(texts.map((text) => `  ${text}\n`).join(''));
  if (!isMet) process.exitCode = 1;
}
