import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { loadBalancers } from '../../../infra/ecs-simulator/hooked-service';
import { crashing, RewindAtWork } from '../../reconciler/worlds/rewind-at-work';

let rewind: RewindAtWork;
beforeEach(async () => {
  rewind = await RewindAtWork.start(memoryEventLog());
});
afterEach(() => rewind.stop());

const network = (subnet: string) => ({
  awsvpcConfiguration: { subnets: [subnet], securityGroups: ['sg-1'] },
});
const inTheBake = { ...crashing, 'rewind.crash-after': '150' };

describe('a rollback by UpdateService', () => {
  it('brings back what the bad deployment changed beside the task definition, and records which', async () => {
    const stable = await rewind.ecs.register();
    await rewind.ecs.create({ taskDefinition: stable, networkConfiguration: network('subnet-good') });
    await rewind.pass(500);
    const taskDefinition = await rewind.ecs.register(inTheBake);
    const serviceRegistries = [
      { registryArn: 'arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1' },
    ];
    await rewind.ecs.update({
      taskDefinition,
      networkConfiguration: network('subnet-bad'),
      loadBalancers: loadBalancers.map(({ advancedConfiguration, ...plain }) => plain),
      serviceRegistries,
    });
    await rewind.pass(600);
    const [issued] = await rewind.decisions('RollbackIssued');
    expect(issued).toMatchObject({ method: 'UpdateService', target: stable });
    expect(issued?.carriedOver).toEqual(['networkConfiguration', 'loadBalancers', 'serviceRegistries']);
    const { deployments } = await rewind.ecs.describe();
    expect(deployments?.[0]?.networkConfiguration).toMatchObject(network('subnet-good'));
    const { serviceRegistries: left = [], loadBalancers: balancers = [] } = await rewind.ecs.describe();
    expect([left, balancers]).toEqual([[], []]);
  });

  it('gives nothing but the task definition where the bad deployment changed nothing else', async () => {
    const stable = await rewind.ecs.register();
    await rewind.ecs.create({
      taskDefinition: stable,
      loadBalancers: [],
      networkConfiguration: network('subnet-1'),
    });
    await rewind.pass(500);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(inTheBake) });
    await rewind.pass(600);
    const [issued] = await rewind.decisions('RollbackIssued');
    expect(issued).toMatchObject({ method: 'UpdateService', target: stable });
    expect(issued?.carriedOver).toBeUndefined();
  });
});
