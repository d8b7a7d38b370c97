import { describe, expect, it } from 'vitest';
import { overlayConfiguration } from '../../../state-machines/protection/configuration';
import { brokenRule } from '../../../state-machines/protection/ecs-rules';
import { changesBetween } from '../../../state-machines/protection/effective-configuration';

const threshold = (type: string, value: number) => ({
  deploymentCircuitBreaker: { thresholdConfiguration: { type, value } },
});
const hook = { hookTargetArn: 'f', roleArn: 'r', lifecycleStages: ['POST_SCALE_UP'] };
const hookFor = (timeoutInMinutes: number) => ({
  strategy: 'CANARY',
  lifecycleHooks: [{ ...hook, timeoutConfiguration: { timeoutInMinutes } }],
});

describe('a difference', () => {
  it('of a threshold is one change, of its type and value together', () => {
    const changes = changesBetween(threshold('COUNT', 2), threshold('BOUNDED_PERCENT', 2));
    expect(changes.map(({ field }) => field)).toEqual(['deploymentCircuitBreaker.thresholdConfiguration']);
  });

  it('is none where alarms stand in another order', () => {
    const alarms = (...alarmNames: string[]) => ({ alarms: { alarmNames, enable: true } });
    expect(changesBetween(alarms('a', 'b'), alarms('b', 'a'))).toEqual([]);
  });

  it('is none in the fields of a strategy that the service does not have', () => {
    const linear = { linearConfiguration: { stepPercent: 10 } };
    expect(changesBetween({}, linear)).toEqual([]);
    expect(changesBetween({ strategy: 'LINEAR' }, { strategy: 'LINEAR', ...linear })).toHaveLength(1);
  });
});

describe('an overlay', () => {
  it('replaces a threshold whole, and any other object field by field', () => {
    const below = {
      deploymentCircuitBreaker: { ...threshold('COUNT', 2).deploymentCircuitBreaker, enable: true },
    };
    const half = {
      deploymentCircuitBreaker: { thresholdConfiguration: { type: 'BOUNDED_PERCENT' } as never },
    };
    expect(overlayConfiguration(below, half)).toEqual({
      deploymentCircuitBreaker: { enable: true, thresholdConfiguration: { type: 'BOUNDED_PERCENT' } },
    });
  });
});

describe('the rules of ECS', () => {
  it('take a Lambda hook of a day, and no minute more', () => {
    expect(brokenRule(hookFor(1440), null)).toBe(null);
    expect(brokenRule(hookFor(1441), null)?.rule).toBe('lambda-hook-ends-within-a-day');
  });

  it('take more than a hundred failed tasks, and no more than a hundred percent', () => {
    expect(brokenRule(threshold('COUNT', 101), null)).toBe(null);
    expect(brokenRule(threshold('BOUNDED_PERCENT', 100), null)).toBe(null);
    expect(brokenRule(threshold('BOUNDED_PERCENT', 101), null)?.rule).toBe('percent-is-at-most-100');
  });
});
