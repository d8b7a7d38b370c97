import { runSeed } from '../search/seeded-run';
import { type PutBackName, putBacks } from './put-backs';

/**
 * Runs seeds with a fault put back, until its oracle finds something that it does not find in the
 * same seed without the fault: that seed. Null where none of the seeds shows it.
 */
export async function findPutBack(
  name: PutBackName,
  { firstSeed, runs }: { readonly firstSeed: number; readonly runs: number },
): Promise<number | null> {
  const { changed, oracle } = putBacks[name];
  const isFoundIn = async (seed: number, parts = {}) =>
    (await runSeed(seed, { changed: parts })).findings.some((finding) => finding.oracle === oracle);
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    if ((await isFoundIn(seed, changed)) && !(await isFoundIn(seed))) return seed;
  }
  return null;
}
