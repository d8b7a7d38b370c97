import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../../infra/local/stories/ending';
import { readStory } from '../../../../infra/local/stories/scenario/story-folder';
import { runSimulation } from '../../../../infra/local/stories/simulation';
import type { StoryResult } from '../../../../infra/local/stories/story-result';
import { parsePolicyFile } from '../../../../services/policy/policy-file';

/** Plays a story of gates, and holds it to the end that it says. */
async function played(name: string): Promise<StoryResult> {
  const story = readStory(name);
  const { result } = await runSimulation({
    scenario: story,
    seed: story.seed,
    rewind: parsePolicyFile(JSON.stringify(story.policy), name),
    speed: null,
    print: () => {},
    deliver: () => {},
  });
  expect(faultsOf(result, story.ends)).toEqual([]);
  return result;
}

const typesIn = ({ recorded }: StoryResult, ...types: string[]) =>
  recorded.map(({ event }) => event.type).filter((type) => types.includes(type));

describe('a story of gates', () => {
  it('goes on from gate to gate, each answered once', async () => {
    const story = await played('gated-canary');
    expect(typesIn(story, 'GateDecided', 'GateAnswered', 'GateOvertaken', 'GateHeld')).toEqual(
      ['POST_TEST', 'step 1', 'step 2', 'POST_PRODUCTION'].flatMap(() => ['GateDecided', 'GateAnswered']),
    );
  });

  it('goes back by stopping the deployment while ECS keeps the old tasks', async () => {
    const story = await played('kept-old-version');
    const failed = story.recorded.find(
      ({ event }) => event.type === 'VerdictReached' && event.verdict.result === 'failed',
    );
    const back = story.recorded.find(({ event }) => event.type === 'DeploymentStarted' && event.isRollback);
    const seconds = ((back?.event.occurredAt ?? Infinity) - (failed?.event.occurredAt ?? 0)) / 1000;
    expect(seconds).toBeLessThan(5);
  });

  it.each([
    ['gate-person-continues', ['GateDecided', 'GateAnswered']],
    ['gate-person-stops', []],
    ['gate-times-out', []],
  ] as const)('leaves to a person, or to the time-out, what is theirs: %s', async (name, decided) => {
    expect(typesIn(await played(name), 'GateDecided', 'GateAnswered', 'GateOvertaken')).toEqual(decided);
  });
});
