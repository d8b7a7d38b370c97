import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breaker, SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const web = { cluster: 'prod', service: 'web' };
const stops = () => ecs.details('ECS Task State Change').filter(({ lastStatus }) => lastStatus === 'STOPPED');

async function createGood(): Promise<void> {
  const deploymentConfiguration = { deploymentCircuitBreaker: breaker };
  await ecs.create({ taskDefinition: await ecs.register(), deploymentConfiguration });
  ecs.clock.advanceBy(120);
}

describe('a cluster without capacity', () => {
  it('holds a deployment, says so once, and lets it go on when there is room again', async () => {
    await createGood();
    ecs.simulator.platform.setCapacity('prod', false);
    await ecs.update({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(1800);
    expect((await ecs.describe()).deployments).toMatchObject([
      { rolloutState: 'IN_PROGRESS', runningCount: 0, failedTasks: 0 },
      { runningCount: 3 },
    ]);
    const failures = ecs.details('ECS Service Action').filter(({ eventType }) => eventType === 'ERROR');
    expect(failures).toMatchObject([
      { eventName: 'SERVICE_TASK_PLACEMENT_FAILURE', reason: 'RESOURCE:FARGATE' },
    ]);
    ecs.simulator.platform.setCapacity('prod', true);
    ecs.clock.advanceBy(300);
    expect((await ecs.describe()).deployments).toMatchObject([
      { rolloutState: 'COMPLETED', runningCount: 3 },
    ]);
  });
});

describe('tasks that the platform takes', () => {
  it.each([
    {
      what: 'a spot interruption',
      fault: 'interruptSpot',
      stopCode: 'SpotInterruption',
      stoppedReason: /^Your Spot Task was interrupted\.$/,
    },
    {
      what: 'the loss of a host',
      fault: 'loseHost',
      stopCode: 'InfrastructureHealth',
      stoppedReason: /^Host EC2 \(instance i-0[0-9a-f]{16}\) terminated\.$/,
    },
  ] as const)(
    'by $what are replaced, and count for no failure',
    async ({ fault, stopCode, stoppedReason }) => {
      await createGood();
      expect(ecs.simulator.platform[fault]({ ...web, count: 2 })).toBe(2);
      ecs.clock.advanceBy(300);
      expect(stops()).toHaveLength(2);
      for (const stop of stops()) {
        expect(stop).toMatchObject({ stopCode, stoppedReason: expect.stringMatching(stoppedReason) });
      }
      expect(await ecs.describe()).toMatchObject({ runningCount: 3, deployments: [{ failedTasks: 0 }] });
    },
  );

  it('by an interruption are told first as RUNNING, to be STOPPED', async () => {
    await createGood();
    const before = ecs.notifications.length;
    ecs.simulator.platform.interruptSpot({ ...web, count: 1 });
    expect(ecs.notifications[before]?.detail).toMatchObject({
      lastStatus: 'RUNNING',
      desiredStatus: 'STOPPED',
    });
  });
});

describe('tasks that something outside them strikes', () => {
  it('exit with the code that they are given, those of them that are named, and are replaced', async () => {
    await createGood();
    const [first] = ecs.details('ECS Task State Change');
    const tasks = new Set([String(first?.taskArn).split('/').at(-1) ?? '']);
    expect(ecs.simulator.platform.exitContainers({ ...web, tasks }, { code: 137, reason: null })).toBe(1);
    ecs.clock.advanceBy(300);
    expect(stops()).toMatchObject([
      { taskArn: first?.taskArn, stopCode: 'EssentialContainerExited', containers: [{ exitCode: 137 }] },
    ]);
    expect((await ecs.describe()).runningCount).toBe(3);
  });

  it('fail their health checks, and say so at once while they still run', async () => {
    await createGood();
    const before = ecs.notifications.length;
    ecs.simulator.platform.failHealthCheck({ ...web, count: 1 }, 'container');
    expect(ecs.notifications[before]?.detail).toMatchObject({
      ...{ lastStatus: 'RUNNING', desiredStatus: 'STOPPED' },
      ...{ stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' },
    });
  });
});

describe('tasks of launch type EC2', () => {
  const hosts = () =>
    ecs
      .details('ECS Task State Change')
      .filter(({ lastStatus }) => lastStatus === 'RUNNING')
      .map(({ containerInstanceArn, availabilityZone }) => ({ containerInstanceArn, availabilityZone }));

  it('are spread over the hosts of their cluster, which their notifications name', async () => {
    ecs.simulator.platform.addContainerInstances('prod', 3);
    await ecs.create({ taskDefinition: await ecs.register(), launchType: 'EC2' });
    ecs.clock.advanceBy(120);
    const named = hosts().map(({ containerInstanceArn }) => String(containerInstanceArn));
    expect(new Set(named).size).toBe(3);
    expect(named[0]).toMatch(/^arn:aws:ecs:us-east-1:\d+:container-instance\/prod\/[0-9a-f]{32}$/);
    expect(
      hosts()
        .map(({ availabilityZone }) => availabilityZone)
        .toSorted(),
    ).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
  });

  it('name no host on Fargate', async () => {
    ecs.simulator.platform.addContainerInstances('prod', 3);
    await createGood();
    expect(hosts().every(({ containerInstanceArn }) => containerInstanceArn === undefined)).toBe(true);
  });
});

describe('an agent that is disconnected', () => {
  it('is told twice for each task with the same lastStatus, and the tasks run on', async () => {
    await createGood();
    const before = ecs.notifications.length;
    ecs.simulator.platform.disconnectAgent({ ...web, count: 1 }, 90);
    ecs.clock.advanceBy(300);
    const told = ecs.notifications.slice(before).map(({ detail }) => detail);
    expect(told).toMatchObject([
      { connectivity: 'DISCONNECTED', lastStatus: 'RUNNING' },
      { connectivity: 'CONNECTED', lastStatus: 'RUNNING' },
    ]);
    expect(Number(told[1]?.version)).toBe(Number(told[0]?.version) + 1);
    expect((await ecs.describe()).runningCount).toBe(3);
  });
});
