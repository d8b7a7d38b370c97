import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../infra/local/stories/scenario/scenario-file';
import { runSimulation } from '../../infra/local/stories/simulation';
import { noPolicyFile } from '../../services/policy/policy-file';

const scenarios = [
  'the-guards-own-example',
  'linear-default-schedule',
  'bake-longer-than-the-deadline',
  'no-capacity-for-70-minutes',
] as const;

/** Plays a scenario with Rewind attached, under the default policy. */
async function play(name: string) {
  const file = new URL(`../fixtures/field/${name}.yml`, import.meta.url);
  const scenario = parseScenario(readFileSync(file, 'utf8'), name);
  const { result } = await runSimulation({
    scenario,
    seed: 1,
    rewind: noPolicyFile,
    speed: null,
    print: () => {},
    deliver: () => {},
  });
  return result;
}

describe('a healthy deployment that takes longer than the deadline of the policy', () => {
  it.each(scenarios)('runs to its end with Rewind attached: %s', async (name) => {
    const { rollout, writes, lost } = await play(name);
    expect({ outcome: rollout?.outcome, verdict: rollout?.verdict?.result, writes, lost }).toEqual({
      outcome: 'succeeded',
      verdict: 'passed',
      writes: [],
      lost: 0,
    });
  });
});
