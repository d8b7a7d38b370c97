import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import { nothingSeen, type Situation } from '../../../state-machines/decisions/situation';
import type { RewindEvent } from '../../../state-machines/log/events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { deploymentId, running, second, service, started, stopped } from '../story';

const crashing = [
  started(2, 1000),
  running('b1', 1005, { deployment: 2 }),
  stopped('b1', 1010, { deployment: 2 }),
  running('b2', 1006, { deployment: 2 }),
  stopped('b2', 1011, { deployment: 2 }),
];

function foldedState(events: readonly RewindEvent[], policy: Policy) {
  return foldOn(emptyFold(service), inOrder([...events]), policy).state;
}

describe('while ECS is silent about an earlier rollout', () => {
  const policy = { ...defaultPolicy, alarms: ['errors'], probationSeconds: 0 };
  const silent = { kind: 'unreachable', reason: 'ServerException', message: 'try again' } as const;
  const events = [started(1, 0), running('a1', 10, { deployment: 1 }), ...crashing];

  function situation(learnt: Situation['seen']['alarmChanges']): Situation {
    const question = { candidates: [], revisions: [], ended: [], isForOpening: true };
    const answers = { service: { question, answer: silent }, facts: { until: second(1100), answer: silent } };
    return {
      state: foldedState(events, policy),
      now: second(1100),
      owner: 'me',
      unansweredSince: null,
      watchesSince: null,
      stageSeenAt: null,
      caller: null,
      seen: { ...nothingSeen, ...answers, alarmChanges: learnt },
    };
  }
  const learntOf = (startedAt: number) => ({
    question: { names: ['errors'], startedAt: second(startedAt), withHistory: true },
    missing: [],
    history: [],
  });

  it("the streams of the later one's alarms are read before its failure is recorded", () => {
    expect(decide(situation([learntOf(0)]))).toMatchObject({
      action: 'look',
      at: 'alarmChanges',
      question: { startedAt: second(1000), withHistory: true },
    });
    expect(decide(situation([learntOf(0), learntOf(1000)]))).toMatchObject({
      action: 'record',
      event: { type: 'RolloutOpened', deployment: deploymentId(2) },
    });
  });
});

it('a service without a live rollout waits for nothing but a wake-up', () => {
  const seen = nothingSeen;
  const state = foldedState([], defaultPolicy);
  const alone = { state, now: second(0), owner: 'me', unansweredSince: null, watchesSince: null };
  expect(decide({ ...alone, stageSeenAt: null, caller: null, seen })).toEqual({
    action: 'wait',
    until: null,
    because: 'no rollout is live',
  });
});
