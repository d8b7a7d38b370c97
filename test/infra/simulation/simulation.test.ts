import { describe, expect, it } from 'vitest';
import { searchSeeds } from '../../../infra/simulation/search/search-seeds';
import { runSeed } from '../../../infra/simulation/search/seeded-run';
import { planOf } from '../../../infra/simulation/world/plan';
import { runPlan } from '../../../infra/simulation/world/run-plan';

/** `npm run simulate:faults -- --runs 100000` tries more. */
const runs = 200;
const firstSeed = Number(process.env.REWIND_SEED ?? 1);

describe('the whole of Rewind on a simulated account', () => {
  it(`keeps its promises whatever goes wrong (I1, I2, I3, I4, I5, I6, I9) (seeds ${firstSeed} to ${firstSeed + runs - 1})`, async () => {
    const faults: string[] = [];
    await searchSeeds({ firstSeed, runs, workers: 1, putBack: null }, ({ seed, findings }) => {
      for (const { oracle, what } of findings) faults.push(`seed ${seed}: ${what} (${oracle})`);
    });
    expect(faults).toEqual([]);
  }, 900_000);

  it('says so when a process ends before it has run its seeds', async () => {
    const putBack = 'none of them' as never;
    const search = searchSeeds({ firstSeed: 1, runs: 1, workers: 1, putBack }, () => {});
    await expect(search).rejects.toThrow('a process that runs seeds has ended with 1');
  });

  it('does the same for the same seed, to the last event and millisecond', async () => {
    const [one, other] = [await runPlan(planOf(5)), await runPlan(planOf(5))];
    expect(other.log).toEqual(one.log);
    expect(other.endedAt).toBe(one.endedAt);
  });

  it('has less happen when items of a plan are left out', async () => {
    const all = planOf(5).items.map(({ number }) => number);
    const { rollouts } = await runSeed(5, { without: new Set(all) });
    expect(rollouts).toBe(1);
  });
});
