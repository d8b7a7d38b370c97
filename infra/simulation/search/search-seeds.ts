import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runShare, type WorkerShare } from './seed-share';
import type { RunResult } from './seeded-run';

interface Search extends Pick<WorkerShare, 'firstSeed' | 'putBack'> {
  readonly runs: number;
  /** So many processes beside each other; this one alone if 1. */
  readonly workers: number;
}

/** Runs seeds; results come in no particular order when there are several workers. */
export async function searchSeeds(search: Search, onResult: (result: RunResult) => void): Promise<void> {
  const { firstSeed, runs, workers, putBack } = search;
  const beyond = firstSeed + runs;
  const shares = Array.from({ length: workers }, (_, index): WorkerShare => {
    return { firstSeed: firstSeed + index, beyond, step: workers, putBack };
  });
  if (workers > 1) await Promise.all(shares.map((share) => runInProcess(share, onResult)));
  else for (const share of shares) await runShare(share, onResult);
}

const workerProgram = fileURLToPath(new URL('./search-worker.ts', import.meta.url));

/** The worker writes a line of JSON for each result. */
async function runInProcess(share: WorkerShare, onResult: (result: RunResult) => void): Promise<void> {
  const worker = spawn(process.execPath, ['--import', 'tsx', workerProgram, JSON.stringify(share)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: worker.stdout })) onResult(JSON.parse(line));
}
