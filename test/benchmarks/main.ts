import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';

/** Each is a program of its own, so that none measures what another left behind. */
const benchmarks: { readonly [name: string]: string } = {
  simulator: 'test/benchmarks/ecs-simulator.ts',
  'cold-start': 'test/benchmarks/cold-start.ts',
  replay: 'test/benchmarks/replay.ts',
  sweep: 'test/benchmarks/sweep.ts',
};

/** These take minutes, or write a page, so that they are run by name only. */
const longBenchmarks: typeof benchmarks = {
  verdicts: 'test/benchmarks/verdicts/main.ts',
  watch: 'test/benchmarks/verdicts/watch.ts',
  analysis: 'test/benchmarks/analysis/main.ts',
  live: 'test/benchmarks/live/main.ts',
  help: 'test/benchmarks/help.ts',
  look: 'test/benchmarks/look.ts',
  dashboard: 'test/benchmarks/dashboard.ts',
};

const everyBenchmark = { ...benchmarks, ...longBenchmarks };
/**
 * `npm run bench`: all but the long ones, or those that are named. Exits with 64 for a name that
 * is none, 1 when one of them fails.
 */
const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in everyBenchmark));
if (unknown === undefined) {
  for (const name of names.length === 0 ? Object.keys(benchmarks) : names) run(name);
} else {
  process.stderr.write(`there is no benchmark "${unknown}": ${Object.keys(everyBenchmark).join(', ')}\n`);
  process.exitCode = 64;
}

function run(name: string): void {
  process.stdout.write(`${name}\n`);
  const file = path.join(projectFolder, everyBenchmark[name] ?? '');
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file], {
    cwd: projectFolder,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
  process.stdout.write('\n');
}
