import type { OracleName } from '../oracles/oracles';
import { planOf } from '../world/plan';
import type { ChangedParts } from '../world/rewind-functions';
import { runSeed } from './seeded-run';

/**
 * Leaves out of a seed's plan, one after another, every item without which the oracle still finds
 * something. The items that remain are all needed.
 */
export async function shrinkPlan(
  seed: number,
  oracle: OracleName,
  changed: ChangedParts = {},
): Promise<ReadonlySet<number>> {
  let without: ReadonlySet<number> = new Set();
  const isStillFound = async (fewer: ReadonlySet<number>) => {
    const { findings } = await runSeed(seed, { without: fewer, changed });
    return findings.some((finding) => finding.oracle === oracle);
  };
  // Troubles first: what people do is mostly needed.
  const items = [...planOf(seed).items].sort((one, other) => Number('act' in one) - Number('act' in other));
  for (const { number } of items) {
    const fewer = new Set([...without, number]);
    if (await isStillFound(fewer)) without = fewer;
  }
  return without;
}
