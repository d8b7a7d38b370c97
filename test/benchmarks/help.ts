import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';
import { verbs } from '../../services/cli/verbs';

// What a help takes, beside bare Node, and a TAB of bash, beside bash that completes nothing. In
// turns, so that what else the machine does falls on both.

const runs = 15;
const helpRatioAtMost = 2.5;
const tabMillisecondsAtMost = 50;
const rewind = path.join(projectFolder, 'services/cli/rewind.mjs');
const node = (...parameters: string[]) => milliseconds(process.execPath, parameters);

process.stdout.write(
  `  load of the machine ${loadavg()[0]?.toFixed(1)}\n  help of      node     help   ratio\n`,
);
for (const name of ['', ...verbs.map((verb) => verb.name)]) {
  const parameters = [rewind, ...(name === '' ? [] : [name]), '--help'];
  const [bare, help] = inTurns(
    () => node('-e', ''),
    () => node(...parameters),
  );
  const ratio = help / bare;
  process.stdout.write(
    `  ${(name || 'rewind').padEnd(10)} ${shown(bare)}  ${shown(help)}   ${ratio.toFixed(2)}\n`,
  );
  if (ratio > helpRatioAtMost) process.exitCode = 1;
}

const folder = mkdtempSync(path.join(tmpdir(), 'rewind-tab-'));
try {
  const script = path.join(folder, 'rewind.bash');
  const { stdout } = spawnSync(process.execPath, [rewind, 'completion', 'bash']);
  writeFileSync(script, stdout);
  const tab = 'COMP_WORDS=(rewind status pr); COMP_CWORD=2; _rewind';
  const [bare, sourced, completed] = inTurns(
    () => milliseconds('bash', ['--norc', '-c', 'echo']),
    () => milliseconds('bash', ['--norc', '-c', `source ${script}`]),
    () => milliseconds('bash', ['--norc', '-c', `source ${script}; ${tab}`]),
  );
  const ofTab = completed - sourced;
  const ratio = ofTab / bare;
  process.stdout.write(
    `  bash starts in ${shown(bare).trim()}, a TAB takes ${shown(ofTab).trim()}: ${ratio.toFixed(2)}\n`,
  );
  // Where the machine is slow, bash says how much.
  if (ofTab > tabMillisecondsAtMost && ratio > 1) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function milliseconds(program: string, parameters: readonly string[]): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')} ends with ${status}: ${stderr}`);
  return performance.now() - begun;
}

/** The median of each. */
function inTurns<Measures extends readonly (() => number)[]>(
  ...measures: Measures
): { [Index in keyof Measures]: number } {
  const times = measures.map(() => [] as number[]);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, measure] of measures.entries()) times[index]?.push(measure());
  }
  return times.map((taken) => taken.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0) as never;
}

function shown(value: number): string {
  return `${value.toFixed(0)} ms`.padStart(7);
}
