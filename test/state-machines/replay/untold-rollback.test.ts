import { describe, expect, it } from 'vitest';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { withOtherRule } from '../../../state-machines/replay/other-rule';
import { compare } from '../../../state-machines/replay/policy-comparison';
import { replay } from '../../../state-machines/replay/replay';
import { labelRollouts } from '../../../state-machines/replay/rollout-labels';
import { completed, deploymentId, failed, running, second, started, stopped } from '../story';

const until = second(9000);
/** ECS goes back to deployment 1 from something of which nobody told; its tasks crash there. */
const events = [
  started(1, 0),
  running('a1', 10, { deployment: 1 }),
  completed(1, 60),
  started(1, 5000, true),
  stopped('b1', 5010, { deployment: 1 }),
  stopped('b2', 5020, { deployment: 1 }),
  stopped('b3', 5030, { deployment: 1 }),
  failed(1, 5100),
];
const rolloutsUnder = (part: Partial<Policy>) =>
  replay(events, { policy: { ...defaultPolicy, ...part }, until });

describe('a rollback by ECS, where nobody has told of what it takes back,', () => {
  it('is no bad rollout: it has no label', () => {
    const labels = labelRollouts(events, { until, standsSeconds: 300 });
    expect([...labels]).toEqual([[expect.stringContaining(deploymentId(1)), 'good']]);
    expect(rolloutsUnder({})).toMatchObject([{}, { rollbackOf: null, outcome: 'rollbackFailed' }]);
  });

  it('is not compared under two policies', () => {
    const truths = labelRollouts(events, { until, standsSeconds: 300 });
    const before = rolloutsUnder({ failureRule: 'percent', minimumFailures: 3 });
    const after = rolloutsUnder({ failureRule: 'percent' });
    expect(compare(events, { before, after, truths })).toEqual({ rollouts: 1, differences: [] });
  });

  it('is not judged by the other rule where rollouts are only observed', () => {
    const observed = withOtherRule(rolloutsUnder({ mode: 'observe' }), { events, until });
    expect(observed.map(({ otherRule }) => otherRule !== undefined)).toEqual([true, false]);
  });
});
