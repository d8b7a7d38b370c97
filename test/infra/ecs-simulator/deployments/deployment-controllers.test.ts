import {
  CreateServiceCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const codeDeploy = { deploymentController: { type: 'CODE_DEPLOY' } } as const;
const external = { deploymentController: { type: 'EXTERNAL' } } as const;
const byEcsOnly = (feature: string) =>
  `${feature} feature is only supported with ECS deployment controller. Update to ECS deployment controller and try again.`;
const byCodeDeploy = (action: string) =>
  `${action} on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.`;
const alarms = { alarmNames: [], enable: false, rollback: false };

describe('a service under CODE_DEPLOY', () => {
  it('runs its tasks as a task set, without deployments, service deployments or their notifications', async () => {
    const taskDefinition = await ecs.register();
    await ecs.create({ taskDefinition, ...codeDeploy });
    ecs.clock.advanceBy(300);
    expect(await ecs.describe()).toMatchObject({
      deploymentController: { type: 'CODE_DEPLOY' },
      deployments: [],
      runningCount: 3,
      taskSets: [{ status: 'PRIMARY', taskDefinition, runningCount: 3, stabilityStatus: 'STEADY_STATE' }],
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
    });
    expect(ecs.details('ECS Deployment State Change')).toEqual([]);
    const listed = await ecs.client.send(
      new ListServiceDeploymentsCommand({ cluster: 'prod', service: 'web' }),
    );
    expect(listed.serviceDeployments).toEqual([]);
  });

  it.each<[object, string]>([
    [{ forceNewDeployment: true }, byCodeDeploy('Cannot force a new deployment')],
    [{ taskDefinition: 'web:2' }, byCodeDeploy('Unable to update task definition')],
    [
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } },
      byCodeDeploy('Unable to update network parameters'),
    ],
    [{ deploymentConfiguration: { alarms } }, byEcsOnly('Alarm based rollback')],
    [
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
      byEcsOnly('Deployment circuit breaker'),
    ],
    [{ deploymentConfiguration: { strategy: 'CANARY' } }, 'only supported with ECS deployment controller'],
  ])('refuses the update %j', async (change, message) => {
    await ecs.create({ taskDefinition: await ecs.register(), ...codeDeploy });
    await ecs.register();
    await expect(ecs.update(change)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });

  it('lets its desired count and percentages be changed', async () => {
    await ecs.create({ taskDefinition: await ecs.register(), ...codeDeploy });
    await ecs.update({ desiredCount: 5, deploymentConfiguration: { maximumPercent: 150 } });
    ecs.clock.advanceBy(120);
    expect(await ecs.describe()).toMatchObject({
      runningCount: 5,
      deploymentConfiguration: { maximumPercent: 150 },
    });
  });
});

describe('a service under EXTERNAL', () => {
  it('is created without a task definition and runs nothing', async () => {
    const { service } = await ecs.client.send(
      new CreateServiceCommand({ cluster: 'prod', serviceName: 'web', ...external }),
    );
    ecs.clock.advanceBy(300);
    expect(service).toMatchObject({ status: 'ACTIVE', deploymentController: { type: 'EXTERNAL' } });
    expect(await ecs.describe()).toMatchObject({ deployments: [], taskSets: [], runningCount: 0 });
    await expect(
      ecs.create({ serviceName: 'other', taskDefinition: await ecs.register(), ...external }),
    ).rejects.toMatchObject({ message: 'TaskDefinition must be blank' });
  });

  it('refuses a deployment and a deployment configuration, and takes a desired count', async () => {
    await ecs.client.send(new CreateServiceCommand({ cluster: 'prod', serviceName: 'web', ...external }));
    await expect(ecs.update({ deploymentConfiguration: { alarms } })).rejects.toThrow(
      'Unable to update deployment configuration on services with an EXTERNAL deployment controller.',
    );
    await expect(ecs.update({ forceNewDeployment: true })).rejects.toThrow('Create a new task set.');
    expect(await ecs.update({ desiredCount: 4 })).toMatchObject({ desiredCount: 4, runningCount: 0 });
  });
});

describe('the tags of a service', () => {
  it('tell who owns it, CloudFormation for one', async () => {
    const tags = [
      { key: 'aws:cloudformation:stack-name', value: 'shop' },
      { key: 'aws:cloudformation:logical-id', value: 'WebService' },
    ];
    const { serviceArn } = await ecs.create({ taskDefinition: await ecs.register(), tags });
    const listed = await ecs.client.send(new ListTagsForResourceCommand({ resourceArn: serviceArn }));
    const input = { cluster: 'prod', services: ['web'] };
    const described = await ecs.client.send(new DescribeServicesCommand({ ...input, include: ['TAGS'] }));
    const bare = await ecs.client.send(new DescribeServicesCommand(input));
    expect(listed.tags).toEqual(tags);
    expect(described.services?.[0]?.tags).toEqual(tags);
    expect(bare.services?.[0]?.tags).toBeUndefined();
  });
});
