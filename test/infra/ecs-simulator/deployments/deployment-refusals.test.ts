import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lambdaHook, loadBalancers } from '../hooked-service';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const shifting = { bakeTimeInMinutes: 3, maximumPercent: 150, minimumHealthyPercent: 50 };
const breaker = { enable: true, rollback: true };
const canary = { canaryPercent: 21.5, canaryBakeTimeInMinutes: 9 };

async function update(deploymentConfiguration: object): Promise<void> {
  await ecs.create({ taskDefinition: await ecs.register(), loadBalancers });
  await ecs.update({ deploymentConfiguration });
}

describe('ECS refuses', () => {
  const hook = { targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] };
  const canaryWith = (change: object) => ({ ...shifting, strategy: 'CANARY', ...change });
  const threshold = (type: string, value?: number) => ({
    deploymentCircuitBreaker: { ...breaker, thresholdConfiguration: { type, value } },
  });
  const badThreshold = 'Invalid deployment circuit breaker threshold value.';

  it.each<[string, object, string]>([
    ['a percentage above 100', threshold('BOUNDED_PERCENT', 101), badThreshold],
    ['a threshold of 0', threshold('COUNT', 0), badThreshold],
    ['a threshold without a value', threshold('UNBOUNDED_PERCENT'), badThreshold],
    [
      'canary settings with another strategy',
      { canaryConfiguration: canary },
      'Canary configuration can only be present with CANARY deployment strategy',
    ],
    [
      'linear settings with another strategy',
      canaryWith({ linearConfiguration: { stepPercent: 10 } }),
      'Linear configuration can only be present with LINEAR deployment strategy',
    ],
    [
      'BLUE_GREEN without a bake time',
      { strategy: 'BLUE_GREEN' },
      'bakeTimeInMinutes is required with BLUE_GREEN deployment strategy',
    ],
    ['a bake of more than a day', { bakeTimeInMinutes: 1441 }, 'bakeTimeInMinutes'],
    [
      'a canary step of more than 100 %',
      canaryWith({ canaryConfiguration: { canaryPercent: 101 } }),
      'canaryPercent',
    ],
    [
      'a linear step of less than 3 %',
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 2.9 } },
      'stepPercent',
    ],
    [
      'hooks with ROLLING',
      { lifecycleHooks: [hook] },
      'Lifecycle hooks cannot be present with ROLLING deployment strategy',
    ],
    [
      'a hook without a stage',
      canaryWith({ lifecycleHooks: [{ targetType: 'PAUSE' }] }),
      'Lifecycle stage cannot be null or empty for any deployment lifecycle hooks',
    ],
    [
      'a Lambda hook without a function',
      canaryWith({ lifecycleHooks: [{ lifecycleStages: ['PRE_SCALE_UP'] }] }),
      'Role arn or Hook Target arn is missing for one or more deployment lifecycle hooks',
    ],
    [
      'a hook of an unknown kind',
      canaryWith({ lifecycleHooks: [{ ...hook, targetType: 'HTTP' }] }),
      'Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE',
    ],
    [
      'a pause while traffic shifts',
      canaryWith({ lifecycleHooks: [{ ...hook, lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT'] }] }),
      'Invalid lifecycle stage provided for Pause Hook',
    ],
    [
      'eleven hooks of a type',
      canaryWith({ lifecycleHooks: Array.from({ length: 11 }, () => hook) }),
      'A service has at most 10 deployment lifecycle hooks of a target type',
    ],
    [
      'a Lambda hook that may take more than a day',
      canaryWith({
        lifecycleHooks: [{ ...lambdaHook('PRE_SCALE_UP'), timeoutConfiguration: { timeoutInMinutes: 1441 } }],
      }),
      'timeoutInMinutes of an AWS_LAMBDA hook is at most 1440',
    ],
    [
      'early success with another strategy',
      canaryWith({
        earlySuccessCriteria: { enable: true, healthyPercent: 90, sourceServiceRevisionCleanup: 'BLOCKING' },
      }),
      'Early success criteria can only be present with ROLLING deployment strategy',
    ],
    [
      'percentages that leave no room',
      { minimumHealthyPercent: 100, maximumPercent: 100 },
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    ],
  ])('%s', async (_, change, message) => {
    await expect(update(change)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
    expect(ecs.simulator.calls.effective('UpdateService')).toEqual([]);
  });

  const [balanced = { advancedConfiguration: {} }] = loadBalancers;
  const { advancedConfiguration, ...plain } = balanced;
  const advanced = (change: object) => [
    { ...plain, advancedConfiguration: { ...advancedConfiguration, ...change } },
  ];
  const production = loadBalancers[0]?.advancedConfiguration.productionListenerRule ?? '';
  const target = loadBalancers[0]?.targetGroupArn;

  it.each<[string, { loadBalancers: object[]; strategy?: 'CANARY' }, string]>([
    [
      'a traffic shift without the listener rules of every load balancer',
      { loadBalancers: [plain], strategy: 'CANARY' },
      'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy',
    ],
    [
      'a traffic shift of no traffic',
      { loadBalancers: [], strategy: 'CANARY' },
      'needs a load balancer, Service Connect or VPC Lattice',
    ],
    [
      'the listener rules of one load balancer, but not of the other',
      { loadBalancers: [...loadBalancers, { ...plain, targetGroupArn: `${target}2` }] },
      'Either all or none of the provided loadBalancers must have advancedConfiguration defined',
    ],
    [
      'a target group given twice',
      { loadBalancers: advanced({ alternateTargetGroupArn: target }) },
      `Duplicate targetGroupArn found: ${target}`,
    ],
    [
      'the listener of an Application Load Balancer in place of its rule',
      {
        loadBalancers: advanced({ productionListenerRule: production.replace('listener-rule', 'listener') }),
      },
      'productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB.',
    ],
    [
      'one rule for production and for tests',
      { loadBalancers: advanced({ testListenerRule: production }) },
      'The following rules cannot be used as both production and test listener rules',
    ],
    [
      'listener rules of a Classic Load Balancer',
      { loadBalancers: [{ loadBalancerName: 'old', advancedConfiguration }] },
      'advancedConfiguration field is not allowed with ELBv1 loadBalancers',
    ],
    [
      'load balancers of both generations',
      { loadBalancers: [plain, { loadBalancerName: 'old' }] },
      'All loadBalancers must be strictly either ELBv1',
    ],
  ])('%s', async (_, { strategy = 'ROLLING' as const, loadBalancers: given }, message) => {
    const taskDefinition = await ecs.register();
    await expect(
      ecs.create({ taskDefinition, loadBalancers: given, deploymentConfiguration: { strategy } }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });
});
