import { type PutBackName, putBacks } from '../put-back/put-backs';
import { type RunResult, runSeed } from './seeded-run';

/** The part of a search that one worker does: every so manieth seed from its first on. */
export interface WorkerShare {
  readonly firstSeed: number;
  readonly beyond: number;
  readonly step: number;
  readonly putBack: PutBackName | null;
}

export async function runShare(
  { firstSeed, beyond, step, putBack }: WorkerShare,
  onResult: (result: RunResult) => void,
): Promise<void> {
  const changed = putBack === null ? {} : putBacks[putBack].changed;
  for (let seed = firstSeed; seed < beyond; seed += step) onResult(await runSeed(seed, { changed }));
}
