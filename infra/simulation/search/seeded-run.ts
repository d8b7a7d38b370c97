import { type Finding, findingsIn } from '../oracles/oracles';
import { planOf } from '../world/plan';
import type { ChangedParts } from '../world/rewind-functions';
import { runPlan } from '../world/run-plan';

/** What came of the run of a seed. */
export interface RunResult {
  readonly seed: number;
  readonly findings: readonly Finding[];
  readonly rollouts: number;
  readonly rollbacks: number;
  readonly ecsCalls: number;
  readonly reconciles: number;
}

interface RunOptions {
  /** The numbers of items that are left out of the seed's plan. */
  readonly without?: ReadonlySet<number>;
  readonly changed?: ChangedParts;
}

/** Runs the plan of a seed, and has every oracle judge it. */
export async function runSeed(seed: number, { without, changed }: RunOptions = {}): Promise<RunResult> {
  try {
    const record = await runPlan(planOf(seed, without), changed);
    const { rollouts, writes, ecsCalls, reconciles } = record;
    const counts = { rollouts: rollouts.length, rollbacks: writes.length, ecsCalls, reconciles };
    return { seed, findings: findingsIn(record), ...counts };
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const findings: Finding[] = [{ oracle: 'nothingThrows', what }];
    return { seed, findings, rollouts: 0, rollbacks: 0, ecsCalls: 0, reconciles: 0 };
  }
}
