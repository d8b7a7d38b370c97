import { type DeploymentConfiguration, DeploymentConfiguration$ } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBalancers } from '../hooked-service';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const breaker = {
  enable: true,
  rollback: true,
  resetOnHealthyTask: false,
  thresholdConfiguration: { type: 'COUNT', value: 7 },
} as const;
const pause = (timeoutInMinutes: number) => ({
  targetType: 'PAUSE' as const,
  lifecycleStages: ['POST_SCALE_UP' as const],
  hookDetails: { ticket: ['A-1', 2, null] },
  timeoutConfiguration: { timeoutInMinutes, action: 'CONTINUE' as const },
});
const alarms = { alarmNames: ['errors', 'slow'], enable: true, rollback: false };

/** The service as created with `before`, once `change` has been sent. */
async function configurationAfter(
  before: DeploymentConfiguration,
  change: object,
): Promise<DeploymentConfiguration> {
  const taskDefinition = await ecs.register();
  await ecs.create({ taskDefinition, loadBalancers, deploymentConfiguration: before });
  ecs.clock.advanceBy(3600);
  await ecs.update({ deploymentConfiguration: change as DeploymentConfiguration });
  return (await ecs.describe()).deploymentConfiguration ?? {};
}
const shifting = { bakeTimeInMinutes: 3, maximumPercent: 150, minimumHealthyPercent: 50 };
const canary = { canaryPercent: 21.5, canaryBakeTimeInMinutes: 9 };

describe('a deployment configuration', () => {
  it('is described as it was given, every field that the SDK knows', async () => {
    const common = { ...shifting, deploymentCircuitBreaker: breaker, alarms };
    const earlySuccessCriteria = {
      enable: true,
      healthyPercent: 80,
      sourceServiceRevisionCleanup: 'DEFERRED',
    } as const;
    const full: DeploymentConfiguration[] = [
      { ...common, strategy: 'ROLLING', earlySuccessCriteria },
      { ...common, strategy: 'CANARY', lifecycleHooks: [pause(31)], canaryConfiguration: canary },
      {
        ...common,
        strategy: 'LINEAR',
        linearConfiguration: { stepPercent: 33.3, stepBakeTimeInMinutes: 2 },
        lifecycleHooks: [],
      },
    ];
    const fields = new Set(full.flatMap((configuration) => Object.keys(configuration)));
    expect([...fields].sort()).toEqual([...(DeploymentConfiguration$[4] as string[])].sort());
    const taskDefinition = await ecs.register();
    await ecs.create({ taskDefinition, loadBalancers });
    ecs.clock.advanceBy(3600);
    for (const deploymentConfiguration of full) {
      await ecs.update({ deploymentConfiguration });
      expect((await ecs.describe()).deploymentConfiguration).toEqual(deploymentConfiguration);
    }
  });

  it('is shown with what ECS fills in', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    expect((await ecs.describe()).deploymentConfiguration).toEqual({
      bakeTimeInMinutes: 0,
      deploymentCircuitBreaker: {
        enable: false,
        rollback: false,
        resetOnHealthyTask: true,
        thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
      },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
    });
  });

  it('starts no deployment when it changes, and counts as a write only where it does', async () => {
    await configurationAfter({}, { deploymentCircuitBreaker: breaker, alarms });
    await ecs.update({ deploymentConfiguration: { alarms } });
    ecs.clock.advanceBy(60);
    expect(ecs.simulator.deploymentsStarted).toHaveLength(1);
    expect((await ecs.describe()).deployments).toHaveLength(1);
    expect(ecs.simulator.calls.list('UpdateService').map(({ hadEffect }) => hadEffect)).toEqual([
      true,
      false,
    ]);
  });

  it('tells through CloudTrail who changed it', async () => {
    await configurationAfter({}, { alarms });
    expect(ecs.details('AWS API Call via CloudTrail').at(-1)).toMatchObject({
      eventName: 'UpdateService',
      userIdentity: { arn: 'arn:aws:iam::123456789012:user/deployer', userName: 'deployer' },
      requestParameters: { service: 'web', deploymentConfiguration: { alarms } },
    });
  });
});

describe('an update of a deployment configuration', () => {
  it('leaves alone the fields that it does not give', async () => {
    const before = { ...shifting, alarms, deploymentCircuitBreaker: breaker };
    expect(await configurationAfter(before, { maximumPercent: 175 })).toMatchObject({
      ...before,
      maximumPercent: 175,
    });
  });

  it('keeps the optional members of a circuit breaker, and takes the required ones for false', async () => {
    const changed = await configurationAfter(
      { deploymentCircuitBreaker: breaker },
      { deploymentCircuitBreaker: {} },
    );
    expect(changed.deploymentCircuitBreaker).toEqual({ ...breaker, enable: false, rollback: false });
  });

  it('replaces alarms, hooks and the settings of a strategy whole, with defaults for what is left out', async () => {
    const before = { ...shifting, strategy: 'CANARY', canaryConfiguration: canary, alarms } as const;
    const changed = await configurationAfter(
      { ...before, lifecycleHooks: [pause(1), pause(2)] },
      {
        alarms: { alarmNames: ['errors'], enable: true },
        canaryConfiguration: { canaryPercent: 30 },
        lifecycleHooks: [{ ...pause(3), timeoutConfiguration: { timeoutInMinutes: 3 } }],
      },
    );
    expect(changed).toMatchObject({
      alarms: { alarmNames: ['errors'], enable: true, rollback: false },
      canaryConfiguration: { canaryPercent: 30, canaryBakeTimeInMinutes: 10 },
      lifecycleHooks: [{ timeoutConfiguration: { timeoutInMinutes: 3, action: 'ROLLBACK' } }],
    });
    expect(changed.lifecycleHooks).toHaveLength(1);
  });

  it('drops what belongs to the strategy that it leaves', async () => {
    const before = { ...shifting, strategy: 'CANARY', canaryConfiguration: canary } as const;
    const changed = await configurationAfter(
      { ...before, lifecycleHooks: [pause(1)] },
      { strategy: 'ROLLING' },
    );
    expect(changed).toMatchObject({ ...shifting, strategy: 'ROLLING' });
    expect(Object.keys(changed)).not.toContain('canaryConfiguration');
    expect(Object.keys(changed)).not.toContain('lifecycleHooks');
  });
});
