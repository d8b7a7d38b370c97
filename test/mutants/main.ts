// Changes the core and the reconciler in one place at a time, and looks whether a test fails:
// `npm run test:mutants -- decide fold --every 4 --lines 1-100`, or all of every target. Exits with
// 1 where less than nine in ten are found.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';
import { bundle } from './bundle';
import type { Mutant } from './instrument';
import { type Trial, tryMutants } from './search-mutants';
import { type Target, targets } from './targets';
import { TestProcess } from './test-process';

const killedAtLeast = 0.9;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { lines: { type: 'string', default: '1-' }, every: { type: 'string', default: '1' } },
});
const [firstLine = 1, lastLine = Infinity] = values.lines.split('-').map((text) => Number(text || Infinity));
const every = Number(values.every);
const names = positionals.length === 0 ? Object.keys(targets) : positionals;
const unknown = names.find((name) => !(name in targets));
if (unknown === undefined) await searchAll();
else {
  process.stderr.write(`there is no target "${unknown}": ${Object.keys(targets).join(', ')}\n`);
  process.exitCode = 64;
}

async function searchAll(): Promise<void> {
  for (const name of names) {
    const target = targets[name];
    if (target === undefined) continue;
    const trials = await search(name, target);
    const killed = trials.filter(({ killedBy }) => killedBy !== null).length;
    const share = ((100 * killed) / trials.length).toFixed(1);
    const seconds = Math.round(process.uptime());
    process.stdout.write(
      `${target.file}: ${killed} of ${trials.length} mutants killed, ${share} % (${seconds} s)\n`,
    );
    if (killed < killedAtLeast * trials.length) process.exitCode = 1;
  }
}

async function search(name: string, target: Target): Promise<Trial[]> {
  await mkdir(path.join(projectFolder, '.rewind'), { recursive: true });
  const folder = await mkdtemp(path.join(projectFolder, `.rewind/mutants-${name}-`));
  const tests = await TestProcess.start(folder);
  const trials: Trial[] = [];
  try {
    const { mutants, modules } = await bundle(target, folder);
    for await (const trial of tryMutants({ modules }, chosen(mutants), tests)) {
      trials.push(trial);
      if (trial.killedBy === null) tellSurvivor(target, trial.mutant);
    }
    return trials;
  } finally {
    tests.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** All, or those that the command line asks for. */
function chosen(mutants: readonly Mutant[]): readonly Mutant[] {
  return mutants.filter(({ number, line }) => line >= firstLine && line <= lastLine && number % every === 0);
}

function tellSurvivor({ file }: Target, { line, original, replacement }: Mutant): void {
  const [before, after] = [original, replacement].map((text) => text.replace(/\s+/g, ' ').slice(0, 80));
  process.stdout.write(`${file}:${line}  ${before}  →  ${after}\n`);
}
