// How long a sweep over many policies takes behind the parsing, on all processors: npm run bench
// sweep
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { history } from '../fixtures/histories/history';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sweep = ['--sweep', 'failurePercent=5..30:5', '--sweep', 'minimumFailures=1..5'];
/** Of the goal, 90 s for 10,000 rollouts and two million notifications, a tenth. */
const secondsAtMost = 9;

await mkdir(path.join(root, '.rewind'), { recursive: true });
const folder = await mkdtemp(path.join(root, '.rewind/sweep-'));
try {
  const options = { services: 100, rollouts: 10, badPercent: 10, lines: 200_000, seed: 1 };
  const { lines, rollouts } = history(options);
  const file = path.join(folder, 'history.jsonl');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  execFileSync(process.execPath, [path.join(root, 'services/cli/build.mjs'), folder]);
  const alone = seconds(['replay', file]);
  const swept = seconds(['replay', file, ...sweep]) - alone;
  const what = `30 combinations over ${rollouts.length} rollouts (${lines.length} notifications)`;
  process.stdout.write(`  ${what}: ${swept.toFixed(1)} s behind a replay of ${alone.toFixed(1)} s\n`);
  if (swept > secondsAtMost) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function seconds(parameters: readonly string[]): number {
  const startedAt = performance.now();
  execFileSync(process.execPath, [path.join(folder, 'rewind.mjs'), ...parameters, '--format', 'json'], {
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (performance.now() - startedAt) / 1000;
}
