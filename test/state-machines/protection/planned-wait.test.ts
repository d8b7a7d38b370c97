import { describe, expect, it } from 'vitest';
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
      planProtection(canary, unprotectedService, { deadlineSeconds }).warnings.filter(
        ({ code }) => code === 'DeadlineBeforePlan',
      );
    expect(warnings(5400)).toEqual([]);
    expect(warnings(3600).map(({ message }) => message)).toEqual([
      'by its own plan ECS may wait 90 minutes in a deployment, longer than deadlineSeconds (3600): Rewind leaves planned time out, so that people hear of a late deployment only after both',
    ]);
  });
});
