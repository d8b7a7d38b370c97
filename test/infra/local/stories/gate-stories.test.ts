import { describe, expect, it } from 'vitest';
import type { StoryResult } from '../../../../infra/local/stories/story-result';
import { played } from './played-story';

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
