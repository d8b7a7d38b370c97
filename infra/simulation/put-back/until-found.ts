import type { OracleName } from '../oracles/oracles';
import { runSeed } from '../search/seeded-run';
import { type PutBackName, putBacks } from './put-backs';

/** The first seed that shows a fault which is put back. */
interface FoundFault {
  readonly seed: number;
  readonly by: readonly OracleName[];
}

/**
 * Runs seeds with a fault put back, until an oracle finds something that it does not find in the
 * same seed without the fault. Null where none of the seeds shows it.
 */
export async function findPutBack(
  name: PutBackName,
  { firstSeed, runs }: { readonly firstSeed: number; readonly runs: number },
): Promise<FoundFault | null> {
  const { changed } = putBacks[name];
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const { findings } = await runSeed(seed, { changed });
    if (findings.length === 0) continue;
    const asItIs = new Set((await runSeed(seed)).findings.map(({ oracle }) => oracle));
    const by = new Set(findings.map(({ oracle }) => oracle).filter((oracle) => !asItIs.has(oracle)));
    if (by.size > 0) return { seed, by: [...by] };
  }
  return null;
}
