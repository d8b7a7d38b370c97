import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { defaultGates } from '../../../state-machines/log/traffic/gate-policy';
import { undeclared } from '../../../state-machines/protection/configuration';
import { withGates } from '../../../state-machines/protection/gates/gate-hooks';
import { unansweredPauses } from '../../../state-machines/protection/gates/unanswered-pauses';
import type { ObservedProtection } from '../../../state-machines/protection/observed-protection';
import { planProtection } from '../../../state-machines/protection/plan';
import { unprotectedService } from './unprotected-service';

const gates = {
  ...defaultGates,
  stages: ['POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'],
} as const;
const gate = (stage: string, timeoutInMinutes = 60) => ({
  targetType: 'PAUSE',
  lifecycleStages: [stage],
  timeoutConfiguration: { timeoutInMinutes, action: 'ROLLBACK' },
});
const both = gates.stages.map((stage) => gate(stage));
const check = {
  targetType: 'AWS_LAMBDA',
  hookTargetArn: 'arn:aws:lambda:eu-west-1:111122223333:function:check',
  roleArn: 'arn:aws:iam::111122223333:role/hooks',
  lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
};
const shifting = { strategy: 'CANARY', bakeTimeInMinutes: 5 };
const balanced = { loadBalancers: [{ hasAdvancedConfiguration: true }] };

function planFor(observed: Partial<ObservedProtection>, policy: Partial<typeof defaultPolicy> = {}) {
  const whole = { ...defaultPolicy, gates, ...policy };
  return planProtection(
    withGates(undeclared, whole),
    { ...unprotectedService, ...balanced, ...observed },
    whole,
  );
}

describe('the gates of a policy', () => {
  it('are declared as one PAUSE hook a stage, beside the hooks that are there', () => {
    const plan = planFor({ configuration: { ...shifting, lifecycleHooks: [check] } });
    expect(plan).toMatchObject({ status: 'change', after: { lifecycleHooks: [check, ...both] } });
    expect(planFor({ configuration: { ...shifting, lifecycleHooks: [check, ...both] } }).status).toBe(
      'right',
    );
  });

  it('are changed where the guard made them, and refused beside a hook of somebody else (R24)', () => {
    const older = [gate('POST_TEST_TRAFFIC_SHIFT', 30), gate('PRE_PRODUCTION_TRAFFIC_SHIFT', 30)];
    const configuration = { ...shifting, lifecycleHooks: older };
    expect(planFor({ configuration, original: shifting })).toMatchObject({
      status: 'change',
      after: { lifecycleHooks: both },
    });
    for (const original of [null, { ...shifting, lifecycleHooks: older.slice(0, 1) }]) {
      expect(planFor({ configuration, original })).toMatchObject({
        status: 'refused',
        because: expect.stringContaining('another PAUSE hook stands at POST_TEST_TRAFFIC_SHIFT'),
      });
    }
  });

  it('are refused with a sentence where ECS replaces tasks, and declared nowhere in observe mode (R60)', () => {
    expect(planFor({ configuration: {} })).toMatchObject({
      status: 'refused',
      because: 'gates need the strategy BLUE_GREEN, LINEAR or CANARY: with ROLLING, ECS waits at no stage',
    });
    expect(planFor({ configuration: shifting }, { mode: 'observe' }).status).toBe('undeclared');
  });

  it('are left to people where a second hook stands beside one, or Rewind only observes (R24, R60)', () => {
    const pausesOf = (lifecycleHooks: object[], mode: 'enforce' | 'observe' = 'enforce') =>
      unansweredPauses(lifecycleHooks, { gates, mode });
    expect(pausesOf([check, ...both])).toEqual([]);
    expect(pausesOf([...both, gate('POST_TEST_TRAFFIC_SHIFT', 30)])).toEqual([
      '2 PAUSE hooks stand at POST_TEST_TRAFFIC_SHIFT: Rewind answers none of them',
    ]);
    expect(pausesOf([check, gate('POST_SCALE_UP'), ...both.slice(0, 1)], 'observe')).toEqual([
      'a PAUSE hook stands at POST_TEST_TRAFFIC_SHIFT, where Rewind only observes: ECS waits for a person',
    ]);
  });
});
