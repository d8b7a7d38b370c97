import { describe, expect, it } from 'vitest';
import { type Interleaved, interleave } from './worlds/interleaving';

/**
 * How many orders are tried, and from which seed on: `npm run test:interleavings` tries five
 * thousand.
 */
const runs = Number(process.env.REWIND_INTERLEAVINGS ?? 40);
const firstSeed = Number(process.env.REWIND_SEED ?? 1);

/** What is wrong with how it ended; nothing, when every promise was kept. */
async function faultsOf({ world, badDeployments }: Interleaved): Promise<string[]> {
  const { rollbacks, nativeRollbacks } = world;
  const told = await world.decisions('RollbackIssued', 'RollbackAdopted', 'RollbackRejected');
  const faults = badDeployments.flatMap((bad) => {
    const ours = rollbacks.filter(({ from }) => from === bad).length;
    const tales = told.filter(({ deployment }) => deployment === bad);
    const isOurs = tales.some(
      (tale) => tale.type === 'RollbackIssued' || ('by' in tale && tale.by === 'rewind'),
    );
    return [
      ...(ours > 1 ? [`${bad} was rolled back ${ours} times`] : []),
      ...(tales.length > 1 ? [`${bad}: ${tales.map(({ type }) => type).join(' and ')} are recorded`] : []),
      ...(tales.length === 1 && isOurs !== (ours === 1)
        ? [`${bad}: the log tells a lie about who did it`]
        : []),
    ];
  });
  if (rollbacks.length + nativeRollbacks !== badDeployments.length)
    faults.push(
      `${rollbacks.length} rollbacks by Rewind and ${nativeRollbacks} by ECS of ${badDeployments.length} rollouts`,
    );
  if (rollbacks.some(({ wasJudged }) => !wasJudged))
    faults.push('a deployment was overwritten that nobody had judged');
  if (world.primary().taskDefinition !== world.stable)
    faults.push('the service is not back on its stable task definition');
  return faults;
}

describe('any interleaving of several reconcilers, deaths, late answers, the circuit breaker and a stubborn pipeline', () => {
  it(`takes each bad rollout back exactly once, and the log tells who did it (I3) (seeds ${firstSeed} to ${firstSeed + runs - 1})`, async () => {
    const faults: string[] = [];
    for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
      faults.push(...(await faultsOf(await interleave({ seed }))).map((fault) => `seed ${seed}: ${fault}`));
    }
    expect(faults).toEqual([]);
  }, 3_600_000);
});
