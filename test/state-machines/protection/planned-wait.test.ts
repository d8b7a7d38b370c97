import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../state-machines/log/policy';
import type { ReleaseTest } from '../../../state-machines/log/traffic/release-test';
import { overlayDeclaration, undeclared } from '../../../state-machines/protection/configuration';
import { planProtection } from '../../../state-machines/protection/plan';
import { unprotectedService } from './unprotected-service';

describe('a plan', () => {
  it('of ECS that lasts longer than the policy’s deadline, pauses included, is told', () => {
    const canary = overlayDeclaration(undeclared, {
      configuration: {
        strategy: 'CANARY',
        canaryConfiguration: { canaryBakeTimeInMinutes: 15 },
        bakeTimeInMinutes: 15,
        lifecycleHooks: [
          {
            targetType: 'PAUSE',
            lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
            timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' },
          },
        ],
      },
    });
    const warnings = (deadlineSeconds: number) =>
      planProtection(canary, unprotectedService, { ...defaultPolicy, deadlineSeconds }).warnings.filter(
        ({ code }) => code === 'DeadlineBeforePlan',
      );
    expect(warnings(5400)).toEqual([]);
    expect(warnings(3600).map(({ message }) => message)).toEqual([
      'by its own plan ECS may wait 90 minutes in a deployment, longer than deadlineSeconds (3600): Rewind leaves planned time out, so that people hear of a late deployment only after both',
    ]);
  });

  it('R56 of tests that are no clients of Service Connect is told: they would meet the old version', () => {
    const canary = overlayDeclaration(undeclared, { configuration: { strategy: 'CANARY' } });
    const smoke: ReleaseTest = {
      name: 'smoke',
      at: 'POST_TEST_TRAFFIC_SHIFT',
      retries: 0,
      timeoutSeconds: 600,
      required: true,
      task: { taskDefinition: 'web-smoke' },
    };
    const codes = (hasOtherTraffic: boolean) =>
      planProtection(
        canary,
        { ...unprotectedService, hasOtherTraffic },
        { ...defaultPolicy, tests: [smoke] },
      ).warnings.map(({ code }) => code);
    expect([codes(true), codes(false)]).toEqual([['TestsMissTraffic'], []]);
  });
});
