import { describe, expect, it } from 'vitest';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { withOtherRule } from '../../../state-machines/replay/other-rule';
import { replay } from '../../../state-machines/replay/replay';
import { completed, running, second, started, stopped } from '../story';

const until = second(9000);
/** Three of eight tasks crash in a rollout that completes, of a service that never lost any. */
const crashing = ['b1', 'b2', 'b3'].flatMap((task, index) => [
  running(task, 1010 + index, { deployment: 2 }),
  stopped(task, 1030 + index, { deployment: 2, ranFrom: 1010 + index }),
]);
const events = [
  started(1, 0),
  ...Array.from({ length: 20 }, (_, index) => running(`a${index}`, 10 + index, { deployment: 1 })),
  completed(1, 60),
  started(2, 1000),
  ...Array.from({ length: 5 }, (_, index) => running(`c${index}`, 1001, { deployment: 2 })),
  ...crashing,
  completed(2, 1100),
];

function judged(part: Partial<Policy>) {
  const rollouts = replay(events, { policy: { ...defaultPolicy, ...part }, until });
  return withOtherRule(rollouts, { events, until }).at(-1);
}

describe('a rollout that is only observed', () => {
  it('is judged by the other rule too', () => {
    const byPercent = judged({ mode: 'observe', failureRule: 'percent', failurePercent: 50 });
    expect(byPercent).toMatchObject({
      verdict: { result: 'passed' },
      otherRule: { failureRule: 'evidence', verdict: { result: 'failed', reason: 'TaskFailures' } },
    });
    const byEvidence = judged({ mode: 'observe', failureRule: 'evidence', failurePercent: 50 });
    expect(byEvidence?.verdict?.message).toBe(byPercent?.otherRule?.verdict?.message);
    expect(byEvidence?.otherRule).toMatchObject({
      failureRule: 'percent',
      verdict: { result: 'passed' },
    });
  });

  it('is so only where it is observed', () => {
    expect(judged({ mode: 'enforce', failureRule: 'percent' })?.otherRule).toBeUndefined();
  });
});
