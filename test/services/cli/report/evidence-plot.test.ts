import { describe, expect, it } from 'vitest';
import { failuresThatTip } from '../../../../services/cli/report/page/rollouts/evidence-plot';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { noEvidence } from '../../../../state-machines/rollout/evidence';
import { hasTooManyFailures } from '../../../../state-machines/rollout/weighing/failure-percent';

describe('the threshold in the plot', () => {
  it.each([0, 0.1, 5, 10, 12.5, 33.3, 50, 100])('is where the fold tips, at %d percent', (failurePercent) => {
    const policy = { ...defaultPolicy, failurePercent };
    for (let started = 0; started <= 2000; started += 1) {
      const failed = failuresThatTip(policy, started);
      expect(hasTooManyFailures({ ...noEvidence, started, failed }, policy)).toBe(true);
      const fewer = { ...noEvidence, started, failed: failed - 1 };
      expect(hasTooManyFailures(fewer, policy)).toBe(false);
    }
  });
});
