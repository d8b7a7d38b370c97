import { describe, expect, it } from 'vitest';
import type { StoryResult } from '../../../../infra/local/stories/story-result';
import { gatesIn } from '../../../../services/cli/report/gate-entries';
import { expectShown, played } from './played-story';

const typesIn = ({ recorded }: StoryResult, ...types: string[]) =>
  recorded.map(({ event }) => event.type).filter((type) => types.includes(type));

/** Each gate as the report tells it. */
const toldGates = ({ recorded }: StoryResult) =>
  gatesIn(recorded.map(({ event }) => event)).map(({ stage, answer, by, to, held, isTimedOut }) => ({
    ...{ stage, answer, isTimedOut },
    ...{ by: by?.split('/').at(-1) ?? null, isOver: to !== null, isHeld: held !== null },
  }));

describe('a story of gates', () => {
  it('goes on from gate to gate, each answered once', async () => {
    const story = await played('gated-canary');
    expectShown('progressive', story);
    expect(typesIn(story, 'GateDecided', 'GateAnswered', 'GateOvertaken', 'GateHeld')).toEqual(
      ['POST_TEST', 'step 1', 'step 2', 'POST_PRODUCTION'].flatMap(() => ['GateDecided', 'GateAnswered']),
    );
    const answered = { answer: 'CONTINUE', by: 'Rewind', isOver: true, isTimedOut: false };
    expect(toldGates(story)).toMatchObject([answered, answered, answered, answered]);
  });

  it('goes back by stopping the deployment while ECS keeps the old tasks', async () => {
    const story = await played('kept-old-version');
    expectShown('progressive', story);
    const failed = story.recorded.find(
      ({ event }) => event.type === 'VerdictReached' && event.verdict.result === 'failed',
    );
    const back = story.recorded.find(({ event }) => event.type === 'DeploymentStarted' && event.isRollback);
    const seconds = ((back?.event.occurredAt ?? Infinity) - (failed?.event.occurredAt ?? 0)) / 1000;
    expect(seconds).toBeLessThan(5);
  });

  it('takes back what fails its tests before any user has met it: no answer of it is counted', async () => {
    const story = await played('tests-fail');
    expectShown('progressive', story);
    const { rollout, recorded } = story;
    expect(rollout?.verdict).toMatchObject({ result: 'failed', reason: 'TestFailed' });
    const failed = recorded.flatMap(({ event }) => (event.type === 'TestEnded' ? [event] : []));
    expect(failed.at(-1)?.evidence).toEqual(['GET /checkout: 500, expected 200']);
    const answered = recorded.flatMap(({ event }) =>
      event.type === 'MeasurementTaken' && event.deployment === rollout?.deployment
        ? event.readings.map(({ candidate }) => candidate?.requests ?? 0)
        : [],
    );
    expect(answered.length).toBeGreaterThan(0);
    expect(answered.reduce((sum, total) => sum + total, 0)).toBe(0);
  });

  it('goes on where its tests pass, and tells of one that only informs', async () => {
    const { recorded } = await played('tested-canary');
    const ended = recorded.flatMap(({ event }) =>
      event.type === 'TestEnded' ? [[event.test, event.result, event.evidence]] : [],
    );
    expect(ended.sort()).toEqual([
      ['load', 'failed', []],
      ['smoke', 'passed', ['12 of 12 checks passed']],
    ]);
  });

  it('of a first deployment that fails is held for a person', async () => {
    const { rollout, recorded } = await played('first-deployment');
    expect(rollout?.outcome).toBe('noSafeTarget');
    const held = recorded.flatMap(({ event }) => (event.type === 'GateHeld' ? [event.reason] : []));
    expect(held).toEqual(['noWayBack']);
  });

  it.each([
    [
      'gate-person-continues',
      ['GateDecided', 'GateAnswered'],
      [
        { stage: 'POST_TEST_TRAFFIC_SHIFT', answer: 'CONTINUE', by: 'operator', isOver: true },
        { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', answer: 'CONTINUE', by: 'Rewind', isOver: true },
      ],
    ],
    ['gate-person-stops', [], [{ answer: 'ROLLBACK', by: 'operator', isOver: true, isTimedOut: false }]],
    ['gate-times-out', ['GateOvertaken'], [{ answer: null, by: null, isOver: true, isTimedOut: true }]],
  ] as const)(
    'leaves to a person, or to the time-out, what is theirs, and tells who answered: %s',
    async (name, decided, gates) => {
      const story = await played(name);
      if (name !== 'gate-person-continues') expectShown('progressive', story);
      expect(typesIn(story, 'GateDecided', 'GateAnswered', 'GateOvertaken')).toEqual(decided);
      expect(toldGates(story)).toMatchObject(gates);
    },
  );
});
