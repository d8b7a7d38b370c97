import { DescribeServiceRevisionsCommand, StopServiceDeploymentCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const crash = { 'rewind.behaviour': 'crash' };

async function stopNewest(): Promise<void> {
  const [newest] = await ecs.serviceDeployments();
  await ecs.client.send(
    new StopServiceDeploymentCommand({
      serviceDeploymentArn: newest?.serviceDeploymentArn,
      stopType: 'ROLLBACK',
    }),
  );
}

describe('StopServiceDeployment with ROLLBACK', () => {
  it('restores the last completed deployment under its old id, circuit breaker or not', async () => {
    const stable = await ecs.register();
    const created = await ecs.create({ taskDefinition: stable });
    const good = created.deployments?.[0]?.id;
    ecs.clock.advanceBy(120);
    const updated = await ecs.update({ taskDefinition: await ecs.register(crash) });
    const bad = updated.deployments?.[0]?.id;
    ecs.clock.advanceBy(60);
    await stopNewest();
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_REQUESTED');
    ecs.clock.advanceBy(4);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_IN_PROGRESS');
    expect(await ecs.describe()).toMatchObject({
      taskDefinition: stable,
      deployments: [
        { id: good, status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
        { id: bad, status: 'ACTIVE', rolloutState: 'FAILED' },
      ],
    });
    ecs.clock.advanceBy(60);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect(ecs.deploymentHistory().slice(2)).toEqual([
      `IN_PROGRESS ${bad}`,
      `IN_PROGRESS ${good}`,
      `COMPLETED ${good}`,
    ]);
    expect(ecs.stopsOf(stable)).toEqual([]);
  });

  it('takes tasks back that were replaced already', async () => {
    const stable = await ecs.register();
    await ecs.create({
      taskDefinition: stable,
      desiredCount: 4,
      deploymentConfiguration: { maximumPercent: 125 },
    });
    ecs.clock.advanceBy(120);
    const next = await ecs.register();
    await ecs.update({ taskDefinition: next });
    ecs.clock.advanceBy(120);
    const halfway = (await ecs.describe()).deployments ?? [];
    expect(halfway[1]?.runningCount).toBeLessThan(4);
    await stopNewest();
    ecs.clock.advanceBy(400);
    expect(await ecs.describe()).toMatchObject({
      taskDefinition: stable,
      deployments: [{ id: halfway[1]?.id, rolloutState: 'COMPLETED', runningCount: 4 }],
    });
  });

  it('restores the whole service revision, not the task definition alone', async () => {
    const networkOf = (subnet: string) => ({ awsvpcConfiguration: { subnets: [subnet] } });
    await ecs.create({
      taskDefinition: await ecs.register(),
      networkConfiguration: networkOf('subnet-good'),
    });
    ecs.clock.advanceBy(120);
    await ecs.update({
      taskDefinition: await ecs.register(crash),
      networkConfiguration: networkOf('subnet-bad'),
    });
    ecs.clock.advanceBy(30);
    await stopNewest();
    ecs.clock.advanceBy(60);
    const { networkConfiguration, currentServiceRevisions = [] } = await ecs.describe();
    expect(networkConfiguration).toEqual(networkOf('subnet-good'));
    const { serviceRevisions } = await ecs.client.send(
      new DescribeServiceRevisionsCommand({
        serviceRevisionArns: currentServiceRevisions.map(({ arn }) => arn ?? ''),
      }),
    );
    expect(serviceRevisions).toMatchObject([{ networkConfiguration: networkOf('subnet-good') }]);
  });

  it('rolls back to a deregistered task definition, which UpdateService could not', async () => {
    const stable = await ecs.register();
    await ecs.create({ taskDefinition: stable });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    await ecs.deregister(stable);
    ecs.clock.advanceBy(30);
    await stopNewest();
    ecs.clock.advanceBy(60);
    expect(await ecs.describe()).toMatchObject({ taskDefinition: stable, runningCount: 3 });
  });

  it('is in CloudTrail with who asked for it, the refused ones too', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    const unknown = { serviceDeploymentArn: 'arn:aws:ecs:us-east-1:1:service-deployment/prod/web/none' };
    await expect(ecs.client.send(new StopServiceDeploymentCommand(unknown))).rejects.toThrow();
    await stopNewest();
    const [, refused, stopped] = ecs.details('AWS API Call via CloudTrail');
    const [{ serviceDeploymentArn } = {}] = await ecs.serviceDeployments();
    expect(refused).toMatchObject({ errorCode: 'ServiceDeploymentNotFoundException' });
    expect(stopped).toMatchObject({
      eventSource: 'ecs.amazonaws.com',
      eventName: 'StopServiceDeployment',
      userIdentity: { arn: 'arn:aws:iam::123456789012:user/deployer' },
      requestParameters: { serviceDeploymentArn, stopType: 'ROLLBACK' },
      responseElements: { serviceDeploymentArn },
    });
  });

  it('can be repeated, and takes effect once', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    ecs.clock.advanceBy(30);
    await stopNewest();
    await stopNewest();
    ecs.clock.advanceBy(5);
    await stopNewest();
    expect(ecs.simulator.calls.list('StopServiceDeployment')).toHaveLength(3);
    expect(ecs.simulator.calls.effective('StopServiceDeployment')).toHaveLength(1);
  });

  it('holds a deployment that was about to complete', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register() });
    while ((await ecs.describe()).deployments?.[1]?.runningCount !== 0) ecs.clock.advanceBy(1);
    await stopNewest();
    ecs.clock.advanceBy(300);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect((await ecs.describe()).taskDefinition).toMatch(/web:1$/);
  });

  it('loses to an UpdateService that comes before the rollback has begun', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    ecs.clock.advanceBy(30);
    await stopNewest();
    const last = await ecs.register();
    await ecs.update({ taskDefinition: last });
    ecs.clock.advanceBy(300);
    expect(await ecs.describe()).toMatchObject({
      taskDefinition: last,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
    expect((await ecs.serviceDeployments()).map(({ status }) => status)).toEqual([
      'SUCCESSFUL',
      'STOPPED',
      'SUCCESSFUL',
    ]);
  });

  it('is refused for one that has ended, or that never was', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    await expect(stopNewest()).rejects.toMatchObject({ name: 'ConflictException' });
    const serviceDeploymentArn = 'arn:aws:ecs:us-east-1:123456789012:service-deployment/prod/web/none';
    await expect(
      ecs.client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn })),
    ).rejects.toMatchObject({ name: 'ServiceDeploymentNotFoundException' });
  });
});
