import { describe, expect, it } from 'vitest';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { compare } from '../../../state-machines/replay/policy-comparison';
import {
  addScores,
  bestScores,
  emptyScore,
  scorePolicy,
  timeToVerdict,
} from '../../../state-machines/replay/policy-score';
import { replay } from '../../../state-machines/replay/replay';
import { labelRollouts } from '../../../state-machines/replay/rollout-labels';
import { completed, deploymentId, failed, running, second, started, stopped } from '../story';

const until = second(9000);
const first = [started(1, 0), running('a1', 10, { deployment: 1 }), completed(1, 60)];
/** Four tasks of deployment 2 crash, ten seconds from each other; ECS gives it up behind them. */
const crashing = [
  started(2, 1000),
  ...['b1', 'b2', 'b3', 'b4'].map((task, index) => stopped(task, 1010 + 10 * index, { deployment: 2 })),
  failed(2, 1100),
];
/** Two tasks of deployment 2 crash before it completes with others. */
const flaky = [
  started(2, 1000),
  stopped('b1', 1010, { deployment: 2 }),
  stopped('b2', 1020, { deployment: 2 }),
  running('b3', 1030, { deployment: 2 }),
  completed(2, 1060),
];

function rolloutsUnder(events: readonly ObservedEvent[], part: Partial<Policy>) {
  return replay(events, { policy: { ...defaultPolicy, ...part }, until });
}

function differences(events: readonly ObservedEvent[], before: Partial<Policy>, after: Partial<Policy>) {
  const truths = labelRollouts(events, { until, standsSeconds: 300 });
  return compare(events, {
    before: rolloutsUnder(events, before),
    after: rolloutsUnder(events, after),
    truths,
  });
}

describe('a comparison of two policies', () => {
  it('finds nothing where they are the same', () => {
    expect(differences([...first, ...crashing], {}, {})).toEqual({ rollouts: 2, differences: [] });
  });

  it('tells how much sooner a verdict falls, and how many tasks that spares', () => {
    const { differences: found } = differences([...first, ...crashing], { minimumFailures: 4 }, {});
    expect(found).toMatchObject([
      {
        deployment: deploymentId(2),
        truth: 'bad',
        change: 'sooner',
        laterByMilliseconds: -20_000,
        tasksSpared: 2,
      },
    ]);
  });

  it('tells how much later it falls, and how many tasks more start until then', () => {
    const { differences: found } = differences([...first, ...crashing], {}, { minimumFailures: 3 });
    expect(found).toMatchObject([{ change: 'later', laterByMilliseconds: 10_000, tasksSpared: -1 }]);
  });

  it('tells of a verdict that others would have had to give', () => {
    const { differences: found } = differences([...first, ...crashing], {}, { minimumFailures: 5 });
    expect(found).toMatchObject([{ change: 'later', laterByMilliseconds: 80_000, tasksSpared: -2 }]);
    expect(found[0]?.after.verdict?.reason).toBe('NativeFailure');
  });

  it('names a good rollout that would be taken back, and one that would not be any more', () => {
    const events = [...first, ...flaky];
    const [taken] = differences(events, { minimumFailures: 3 }, {}).differences;
    expect(taken).toMatchObject({ truth: 'good', change: 'takenBack', laterByMilliseconds: null });
    const [spared] = differences(events, {}, { minimumFailures: 3 }).differences;
    expect(spared).toMatchObject({ truth: 'good', change: 'spared', laterByMilliseconds: null });
  });

  it('counts no task that the next rollout brought', () => {
    const next = [started(3, 1200), running('c1', 1210, { deployment: 3 })];
    const late = running('b9', 1300, { deployment: 2 });
    const [spared] = differences([...first, ...flaky, ...next, late], {}, { minimumFailures: 3 }).differences;
    expect(spared).toMatchObject({ change: 'spared', tasksSpared: -1 });
  });
});

describe('a trial of a policy', () => {
  const trial = (events: readonly ObservedEvent[], part: Partial<Policy>) => {
    const truths = labelRollouts(events, { until, standsSeconds: 300 });
    return scorePolicy(rolloutsUnder(events, part), { truths, given: rolloutsUnder(events, {}) });
  };

  it('counts bad rollouts that it catches, and those that it leaves to others', () => {
    expect(trial([...first, ...crashing], {})).toEqual({
      ...emptyScore,
      good: 1,
      bad: 1,
      caught: 1,
      millisecondsToVerdict: [20_000],
    });
    expect(trial([...first, ...crashing], { minimumFailures: 9 })).toMatchObject({
      caught: 0,
      leftToOthers: 1,
      millisecondsToVerdict: [100_000],
      againstGiven: { missedMore: 1, missedFewer: 0 },
    });
  });

  it('counts a bad rollout that passed before anybody took it back', () => {
    const late = [started(2, 1000), running('b1', 1010, { deployment: 2 }), completed(2, 1060)];
    const back = [started(1, 3000, true), completed(1, 3060)];
    expect(trial([...first, ...late, ...back], {})).toMatchObject({ bad: 1, missed: 1, caught: 0 });
  });

  it('counts good rollouts that it takes back', () => {
    expect(trial([...first, ...flaky], {})).toMatchObject({ good: 2, falseRollbacks: 1 });
    expect(trial([...first, ...flaky], { minimumFailures: 3 })).toMatchObject({
      good: 2,
      falseRollbacks: 0,
      againstGiven: { falseMore: 0, falseFewer: 1 },
    });
  });

  it('adds up with others, and tells by when a part of the verdicts had fallen', () => {
    const one = { ...emptyScore, bad: 2, caught: 2, millisecondsToVerdict: [40, 10] };
    const other = { ...emptyScore, good: 1, bad: 2, caught: 2, millisecondsToVerdict: [30, 20] };
    const sum = addScores(one, other);
    expect(sum).toMatchObject({ good: 1, bad: 4, caught: 4 });
    expect([50, 75, 90].map((percent) => timeToVerdict(sum, percent))).toEqual([20, 30, 40]);
    const missing = addScores(sum, { ...emptyScore, bad: 2, missed: 2 });
    expect([50, 66, 90].map((percent) => timeToVerdict(missing, percent))).toEqual([30, 40, null]);
    expect(timeToVerdict(emptyScore, 50)).toBeNull();
  });

  it('is among the best unless another is nowhere worse and somewhere better', () => {
    const quick = { ...emptyScore, bad: 1, falseRollbacks: 3, millisecondsToVerdict: [10] };
    const careful = { ...emptyScore, bad: 1, falseRollbacks: 0, millisecondsToVerdict: [30] };
    const worse = { ...emptyScore, bad: 1, falseRollbacks: 3, millisecondsToVerdict: [20] };
    const same = { ...quick };
    expect(bestScores([quick, careful, worse, same])).toEqual(new Set([quick, careful, same]));
  });
});
