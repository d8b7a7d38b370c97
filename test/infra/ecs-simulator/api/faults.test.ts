import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
  const taskDefinition = await ecs.register();
  await ecs.create({ taskDefinition, serviceName: 'web' });
  await ecs.create({ taskDefinition, serviceName: 'worker' });
});
afterEach(() => ecs.stop());

const change = (service: string) => ecs.update({ service, deploymentConfiguration: { maximumPercent: 150 } });

describe('a fault', () => {
  it("takes the permission for one service's update away, and gives it back", async () => {
    const giveBack = ecs.simulator.faults.deny({ operation: 'UpdateService', resource: 'web' });
    await expect(change('web')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:iam::123456789012:user/deployer is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:us-east-1:123456789012:service/prod/web because no identity-based policy allows the ecs:UpdateService action',
    });
    expect((await change('worker')).deploymentConfiguration?.maximumPercent).toBe(150);
    expect((await ecs.describe()).deploymentConfiguration?.maximumPercent).toBe(200);
    expect(ecs.details('AWS API Call via CloudTrail').at(-2)).toMatchObject({
      errorCode: 'AccessDeniedException',
    });
    giveBack();
    expect((await change('web')).deploymentConfiguration?.maximumPercent).toBe(150);
  });

  it('can last for some calls only', async () => {
    const fault = { operation: 'DescribeServices', error: 'ServerException', message: 'Try again.' } as const;
    ecs.simulator.faults.fail({ ...fault, times: 2 });
    await expect(ecs.describe()).rejects.toMatchObject({ name: 'ServerException' });
    await expect(ecs.describe()).rejects.toMatchObject({ name: 'ServerException' });
    expect((await ecs.describe()).serviceName).toBe('web');
  });
});

describe('the use of the API', () => {
  it('is counted, with the time that AWS would take at its documented rates', async () => {
    const { usage } = ecs.simulator;
    usage.reset();
    const web = { cluster: 'prod', service: 'web', desiredCount: 3 };
    for (let call = 0; call < 120; call += 1)
      ecs.call('DescribeServices', { cluster: 'prod', services: ['web'] });
    for (let call = 0; call < 60; call += 1) ecs.call('UpdateService', web);
    expect(usage.count('DescribeServices')).toBe(120);
    // 60 writes: 50 at once, and 10 more at 5 a second; 120 reads would be done after one second.
    expect(usage.leastSeconds()).toBe(2);
  });
});
