import type { OracleName } from '../oracles/oracles';
import type { RunResult } from './seeded-run';

/** Counts what many runs came to. */
export class Tally {
  readonly #startedAt = performance.now();
  readonly #byOracle = new Map<OracleName, number[]>();
  readonly #sums = { rollouts: 0, rollbacks: 0, ecsCalls: 0, reconciles: 0 };
  #runs = 0;

  add({ seed, findings, ...counts }: RunResult): void {
    this.#runs += 1;
    for (const name of Object.keys(this.#sums) as (keyof typeof counts)[]) this.#sums[name] += counts[name];
    for (const oracle of new Set(findings.map((finding) => finding.oracle))) {
      this.#byOracle.set(oracle, [...(this.#byOracle.get(oracle) ?? []), seed]);
    }
  }

  summary(): string {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const mean = (sum: number) => (sum / Math.max(1, this.#runs)).toFixed(1);
    const { rollouts, rollbacks, ecsCalls, reconciles } = this.#sums;
    const lines = [...this.#byOracle].map(([oracle, seeds]) => {
      const first = [...seeds].sort((one, other) => one - other).slice(0, 5);
      return `${oracle}: ${seeds.length} (seeds ${first.join(', ')})`;
    });
    return [
      `${this.#runs} runs in ${seconds.toFixed(0)} s, each with ${mean(rollouts)} rollouts, ${mean(rollbacks)} rollbacks by Rewind, ${mean(ecsCalls)} calls of ECS and ${mean(reconciles)} reconciles`,
      ...lines,
    ].join('\n');
  }
}
