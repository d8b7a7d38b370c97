import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const criteria = (sourceServiceRevisionCleanup: 'BLOCKING' | 'DEFERRED', healthyPercent = 50) => ({
  minimumHealthyPercent: 50,
  earlySuccessCriteria: { enable: true, healthyPercent, sourceServiceRevisionCleanup },
});
/** Half of its tasks crash for ever. */
const half = { 'rewind.behaviour': 'flaky', 'rewind.probability': '0.4' };

async function updateUnder(deploymentConfiguration: object): Promise<void> {
  await ecs.create({ taskDefinition: await ecs.register(), desiredCount: 8, deploymentConfiguration });
  ecs.clock.advanceBy(300);
  await ecs.update({ taskDefinition: await ecs.register(half) });
  while (ecs.deploymentHistory().length < 4) ecs.clock.advanceBy(1);
}

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
describe('early success criteria', () => {
  it('complete a deployment before all of its tasks are healthy', async () => {
    await updateUnder(criteria('DEFERRED'));
    const { deployments = [] } = await ecs.describe();
    expect(deployments[0]).toMatchObject({ rolloutState: 'COMPLETED', desiredCount: 8 });
    expect(deployments[0]?.runningCount).toBeGreaterThanOrEqual(4);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('SUCCESSFUL');
  });

  it('leave tasks of the source to be removed later where the cleanup is DEFERRED', async () => {
    await updateUnder(criteria('DEFERRED'));
    expect((await ecs.describe()).deployments).toHaveLength(2);
    ecs.clock.advanceBy(900);
    expect(await ecs.describe()).toMatchObject({
      runningCount: 8,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
  });

  it('wait until the tasks of the source are gone where it is BLOCKING', async () => {
    await updateUnder(criteria('BLOCKING'));
    expect((await ecs.describe()).deployments).toHaveLength(1);
  });

  it('go on to the full count in the background, with no protection any more', async () => {
    const deploymentCircuitBreaker = {
      enable: true,
      rollback: true,
      resetOnHealthyTask: false,
      thresholdConfiguration: { type: 'COUNT' as const, value: 8 },
    };
    await updateUnder({ ...criteria('DEFERRED'), deploymentCircuitBreaker });
    ecs.clock.advanceBy(900);
    expect((await ecs.describe()).runningCount).toBe(8);
    expect(ecs.deploymentHistory()).toHaveLength(4);
  });

  it('are refused below minimumHealthyPercent, without their fields, and for another strategy', async () => {
    const taskDefinition = await ecs.register();
    const refused = (earlySuccessCriteria: object, others: object = {}) =>
      expect(
        ecs.create({
          taskDefinition,
          deploymentConfiguration: { earlySuccessCriteria, ...others } as never,
        }),
      ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await refused({ enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: 'BLOCKING' });
    await refused({ enable: true });
    const full = { enable: true, healthyPercent: 100, sourceServiceRevisionCleanup: 'BLOCKING' };
    await refused(full, { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 });
  });
});
