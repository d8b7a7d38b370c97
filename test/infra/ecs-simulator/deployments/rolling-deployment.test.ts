import { DeleteServiceCommand, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

describe('a good deployment', () => {
  it('completes when its tasks are healthy, 40 s after RUNNING, and tells of it', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    const service = await ecs.describe();
    const [deployment] = service.deployments ?? [];
    expect(service).toMatchObject({ runningCount: 3, pendingCount: 0, status: 'ACTIVE' });
    expect(deployment).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED', failedTasks: 0 });
    expect(ecs.deploymentHistory()).toEqual([`IN_PROGRESS ${deployment?.id}`, `COMPLETED ${deployment?.id}`]);
    const running = ecs.details('ECS Task State Change').filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const lastStart = Math.max(...running.map(({ startedAt }) => Date.parse(String(startedAt))));
    expect(deployment?.updatedAt?.getTime()).toBeGreaterThanOrEqual(lastStart + 40_000);
  });

  it('replaces the old tasks while as many as minimumHealthyPercent asks for stay healthy', async () => {
    const old = await ecs.register();
    await ecs.create({ taskDefinition: old, desiredCount: 4 });
    ecs.clock.advanceBy(120);
    const next = await ecs.register();
    await ecs.update({ taskDefinition: next });
    let fewest = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let step = 0; step < 150; step += 1) {
      ecs.clock.advanceBy(1);
      const { runningCount = 0, pendingCount = 0 } = await ecs.describe();
      fewest = Math.min(fewest, runningCount);
      most = Math.max(most, runningCount + pendingCount);
    }
    const { deployments = [], taskDefinition } = await ecs.describe();
    expect(taskDefinition).toBe(next);
    expect(deployments.map(({ rolloutState }) => rolloutState)).toEqual(['COMPLETED']);
    expect(fewest).toBe(4);
    expect(most).toBe(8);
    expect(ecs.stopsOf(old)).toHaveLength(1);
    expect(ecs.stopsOf(old)[0]).toMatch(
      /^ServiceSchedulerInitiated: Scaling activity initiated by \(deployment ecs-svc\/\d{19}\)$/,
    );
  });

  it('stops old tasks first where maximumPercent leaves no room for new ones', async () => {
    const deploymentConfiguration = { minimumHealthyPercent: 50, maximumPercent: 100 };
    await ecs.create({ taskDefinition: await ecs.register(), desiredCount: 4, deploymentConfiguration });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(10);
    expect(await ecs.describe()).toMatchObject({ deployments: [{ desiredCount: 4 }, { desiredCount: 2 }] });
    ecs.clock.advanceBy(300);
    expect((await ecs.describe()).deployments).toHaveLength(1);
  });

  it('says so, and waits, where minimum and maximum percent leave no way to go on', async () => {
    const deploymentConfiguration = { minimumHealthyPercent: 100, maximumPercent: 120 };
    await ecs.create({ taskDefinition: await ecs.register(), deploymentConfiguration });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(3600);
    const { deployments = [], events = [] } = await ecs.describe();
    expect(deployments.map(({ rolloutState }) => rolloutState)).toEqual(['IN_PROGRESS', 'COMPLETED']);
    expect(events[0]?.message).toMatch(
      /^\(service web\) was unable to stop or start tasks during a deployment/,
    );
  });

  it('completes without a single task when none is desired', async () => {
    await ecs.create({ taskDefinition: await ecs.register(), desiredCount: 0 });
    ecs.clock.advanceBy(60);
    expect((await ecs.describe()).deployments).toMatchObject([
      { rolloutState: 'COMPLETED', runningCount: 0 },
    ]);
  });
});

describe('an UpdateService call', () => {
  it('starts nothing for the task definition that the service has already, unless forced', async () => {
    const taskDefinition = await ecs.register();
    await ecs.create({ taskDefinition });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition, deploymentConfiguration: { minimumHealthyPercent: 100 } });
    expect(ecs.simulator.calls.effective('UpdateService')).toHaveLength(0);
    await ecs.update({ taskDefinition: 'web', forceNewDeployment: true });
    expect(ecs.simulator.calls.effective('UpdateService')).toHaveLength(1);
    expect((await ecs.describe()).deployments).toHaveLength(2);
  });

  it('starts a deployment for another network, and none for another count', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    await ecs.update({ desiredCount: 5 });
    ecs.clock.advanceBy(120);
    expect(await ecs.describe()).toMatchObject({ runningCount: 5, deployments: [{ status: 'PRIMARY' }] });
    await ecs.update({ networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } });
    expect((await ecs.describe()).deployments).toHaveLength(2);
  });

  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
  it('leaves a service on its deregistered task definition: it is scaled, and its tasks replaced', async () => {
    const stable = await ecs.register();
    await ecs.create({ taskDefinition: stable });
    ecs.clock.advanceBy(120);
    await ecs.deregister(stable);
    await ecs.update({ desiredCount: 5 });
    ecs.simulator.platform.loseHost({ cluster: 'prod', service: 'web', count: 1 });
    ecs.clock.advanceBy(180);
    expect(await ecs.describe()).toMatchObject({ taskDefinition: stable, runningCount: 5 });
  });

  it('is refused for a deregistered task definition', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    const inactive = await ecs.register();
    await ecs.deregister(inactive);
    await expect(ecs.update({ taskDefinition: inactive })).rejects.toMatchObject({
      name: 'ClientException',
      message: 'TaskDefinition is inactive',
    });
    expect(ecs.simulator.calls.list('UpdateService')).toMatchObject([
      { error: 'ClientException', hadEffect: false },
    ]);
  });
});

describe('a newer deployment', () => {
  it('supersedes the one under way: tasks of both older ones are drained and its service deployment is STOPPED', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(20);
    const last = await ecs.register();
    await ecs.update({ taskDefinition: last });
    expect((await ecs.describe()).deployments?.map(({ status }) => status)).toEqual([
      'PRIMARY',
      'ACTIVE',
      'ACTIVE',
    ]);
    expect((await ecs.serviceDeployments()).map(({ status }) => status)).toEqual([
      'PENDING',
      'STOP_REQUESTED',
      'SUCCESSFUL',
    ]);
    ecs.clock.advanceBy(200);
    expect((await ecs.serviceDeployments()).map(({ status }) => status)).toEqual([
      'SUCCESSFUL',
      'STOPPED',
      'SUCCESSFUL',
    ]);
    expect(await ecs.describe()).toMatchObject({ taskDefinition: last, runningCount: 3, deployments: [{}] });
  });

  it('is refused while five are unfinished', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    for (let count = 0; count < 4; count += 1) await ecs.update({ forceNewDeployment: true });
    await expect(ecs.update({ forceNewDeployment: true })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: '5 active deployments exist, unable to create new deployment.',
    });
    ecs.clock.advanceBy(60);
    await ecs.update({ forceNewDeployment: true });
  });
});

describe('a steady service', () => {
  it('replaces a task that somebody stops, outside of any deployment', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    const { taskArns = [] } = await ecs.client.send(
      new ListTasksCommand({ cluster: 'prod', serviceName: 'web' }),
    );
    await ecs.client.send(new StopTaskCommand({ cluster: 'prod', task: taskArns[0], reason: 'for a test' }));
    ecs.clock.advanceBy(120);
    expect(await ecs.describe()).toMatchObject({
      runningCount: 3,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
    expect(ecs.deploymentHistory()).toHaveLength(2);
    expect(ecs.details('ECS Service Action')).toHaveLength(2);
    const stopped = ecs.details('ECS Task State Change').filter(({ lastStatus }) => lastStatus === 'STOPPED');
    expect(stopped).toMatchObject([{ stopCode: 'UserInitiated', stoppedReason: 'for a test' }]);
  });

  it('repeats its steady state every six hours', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(13 * 3600);
    expect(ecs.details('ECS Service Action').map(({ eventName }) => eventName)).toEqual(
      Array(3).fill('SERVICE_STEADY_STATE'),
    );
  });
});

describe('a deleted service', () => {
  it('drains, is INACTIVE then, and takes no update', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    await expect(
      ecs.client.send(new DeleteServiceCommand({ cluster: 'prod', service: 'web' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await ecs.client.send(new DeleteServiceCommand({ cluster: 'prod', service: 'web', force: true }));
    expect(await ecs.describe()).toMatchObject({ status: 'DRAINING' });
    ecs.clock.advanceBy(120);
    expect(await ecs.describe()).toMatchObject({ status: 'INACTIVE', runningCount: 0, deployments: [] });
    await expect(ecs.update({ desiredCount: 1 })).rejects.toMatchObject({
      name: 'ServiceNotActiveException',
    });
  });
});
