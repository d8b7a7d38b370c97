import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectFolder } from '../../local/aws/declared/cloudformation';
import { bundleProgram } from '../bundle-program';
import type { WorkerShare } from './seed-share';
import type { RunResult } from './seeded-run';

interface Search extends Pick<WorkerShare, 'firstSeed' | 'putBack'> {
  readonly runs: number;
  /** So many processes beside each other. */
  readonly workers: number;
}

/**
 * Runs seeds in processes of their own; results come in no particular order when there are several.
 * Throws where a process ends before it has run its seeds.
 */
export async function searchSeeds(search: Search, onResult: (result: RunResult) => void): Promise<void> {
  const { firstSeed, runs, workers, putBack } = search;
  const beyond = firstSeed + runs;
  const shares = Array.from({ length: workers }, (_, index): WorkerShare => {
    return { firstSeed: firstSeed + index, beyond, step: workers, putBack };
  });
  // As deep in the project as the files in it that look for its folder.
  const program = path.join(projectFolder, `.rewind/simulation/search/worker/${process.pid}.mjs`);
  await bundleProgram(new URL('search-worker.ts', import.meta.url), program);
  try {
    await Promise.all(shares.map((share) => runInProcess(program, share, onResult)));
  } finally {
    await rm(program);
  }
}

/** The worker writes a line of JSON for each result. */
async function runInProcess(
  program: string,
  share: WorkerShare,
  onResult: (result: RunResult) => void,
): Promise<void> {
  const worker = spawn(process.execPath, [program, JSON.stringify(share)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  worker.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = once(worker, 'close');
  for await (const line of createInterface({ input: worker.stdout })) onResult(JSON.parse(line));
  const [code, signal] = await ended;
  if (code !== 0) throw new Error(`a process that runs seeds has ended with ${code ?? signal}: ${said}`);
}
