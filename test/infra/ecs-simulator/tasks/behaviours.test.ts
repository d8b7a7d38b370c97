import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breaker, SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const bad = [
  {
    labels: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '5', 'rewind.exit-code': '3' },
    stop: /^EssentialContainerExited: Essential container in task exited$/,
    container: { exitCode: 3 },
    hasRun: true,
  },
  {
    labels: { 'rewind.behaviour': 'unhealthy' },
    stop: /^ServiceSchedulerInitiated: Task failed container health checks$/,
    container: { exitCode: 143 },
    hasRun: true,
  },
  {
    labels: { 'rewind.behaviour': 'out-of-memory' },
    stop: /^EssentialContainerExited: Essential container in task exited$/,
    container: { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    hasRun: true,
  },
  {
    labels: { 'rewind.behaviour': 'secret-missing' },
    stop: /^TaskFailedToStart: ResourceInitializationError: unable to pull secrets or registry auth: /,
    container: { lastStatus: 'STOPPED' },
    hasRun: false,
  },
  {
    labels: { 'rewind.behaviour': 'registry-unreachable' },
    stop: /^TaskFailedToStart: ResourceInitializationError: .* There is a connection issue/,
    container: { lastStatus: 'STOPPED' },
    hasRun: false,
  },
  {
    labels: { 'rewind.behaviour': 'unpullable' },
    stop: /^TaskFailedToStart: CannotPullContainerError: /,
    container: { reason: expect.stringContaining('CannotPullContainerError') },
    hasRun: false,
  },
];

describe.each(bad)('a task definition labelled $labels', ({ labels, stop, container, hasRun }) => {
  it('never completes, and without a circuit breaker nobody says so', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register(labels) });
    ecs.clock.advanceBy(6 * 3600);
    expect(ecs.deploymentHistory().map((line) => line.split(' ')[0])).toEqual([
      'IN_PROGRESS',
      'COMPLETED',
      'IN_PROGRESS',
    ]);
    expect((await ecs.describe()).deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', runningCount: 3 },
    ]);
  });

  it('stops its tasks for the reason that ECS gives', async () => {
    const taskDefinition = await ecs.register(labels);
    await ecs.create({ taskDefinition, deploymentConfiguration: { deploymentCircuitBreaker: breaker } });
    ecs.clock.advanceBy(300);
    const stopped = ecs
      .details('ECS Task State Change')
      .find(({ lastStatus, stopCode }) => lastStatus === 'STOPPED' && stopCode !== 'UserInitiated');
    expect(`${stopped?.stopCode}: ${stopped?.stoppedReason}`).toMatch(stop);
    expect(stopped?.containers).toMatchObject([container]);
    expect('startedAt' in (stopped ?? {})).toBe(hasRun);
    const [first = {}] = (stopped?.containers ?? []) as object[];
    expect('exitCode' in first).toBe(hasRun);
  });
});

describe('a task that crashes after the deployment has completed', () => {
  it('is replaced, with notifications, outside of any deployment', async () => {
    const labels = { 'rewind.behaviour': 'crash', 'rewind.crash-after': '200' };
    await ecs.create({ taskDefinition: await ecs.register(labels) });
    ecs.clock.advanceBy(600);
    expect(ecs.deploymentHistory().map((line) => line.split(' ')[0])).toEqual(['IN_PROGRESS', 'COMPLETED']);
    const tasks = ecs.details('ECS Task State Change');
    expect(tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED').length).toBeGreaterThanOrEqual(3);
    expect(new Set(tasks.map(({ startedBy }) => startedBy)).size).toBe(1);
    expect(await ecs.describe()).toMatchObject({
      deployments: [{ rolloutState: 'COMPLETED', failedTasks: 0 }],
    });
  });
});

describe('a flaky task definition', () => {
  it('fails with so many of its tasks, the same ones for the same seed', async () => {
    const labels = { 'rewind.behaviour': 'flaky', 'rewind.probability': '0.3' };
    await ecs.create({ taskDefinition: await ecs.register(labels), desiredCount: 100 });
    ecs.clock.advanceBy(60);
    const crashed = ecs.details('ECS Task State Change').filter(({ lastStatus }) => lastStatus === 'STOPPED');
    expect(crashed.length).toBeGreaterThan(15);
    expect(crashed.length).toBeLessThan(45);
  });

  it('may show any behaviour with a probability', async () => {
    const labels = { 'rewind.behaviour': 'unpullable', 'rewind.probability': '0' };
    await ecs.create({ taskDefinition: await ecs.register(labels) });
    ecs.clock.advanceBy(120);
    expect((await ecs.describe()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  });
});

describe('a task that is healthy at first and fails its container check then', () => {
  it('is replaced outside of any deployment', async () => {
    const taskDefinition = await ecs.register({ 'rewind.behaviour': 'sickens', 'rewind.healthy-for': '300' });
    await ecs.create({ taskDefinition });
    ecs.clock.advanceBy(200);
    expect((await ecs.describe()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
    ecs.clock.advanceBy(600);
    expect(ecs.stopsOf(taskDefinition)).toEqual([
      'ServiceSchedulerInitiated: Task failed container health checks',
    ]);
    expect(ecs.deploymentHistory()).toHaveLength(2);
  });
});

describe('tasks that never reach RUNNING', () => {
  it('are started more and more slowly, and the service says that it is impaired', async () => {
    await ecs.create({
      taskDefinition: await ecs.register({ 'rewind.behaviour': 'unpullable' }),
      desiredCount: 1,
    });
    ecs.clock.advanceBy(3 * 3600);
    const starts = ecs
      .details('ECS Task State Change')
      .filter(({ version }) => version === 1)
      .map(({ createdAt }) => Date.parse(String(createdAt)) / 1000);
    const waits = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(waits.slice(0, 4)).toEqual([...waits.slice(0, 4)].sort((one, other) => one - other));
    expect(Math.max(...waits)).toBeLessThan(28 * 60 + 60);
    expect(ecs.details('ECS Service Action')).toMatchObject([
      { eventType: 'WARN', eventName: 'SERVICE_TASK_START_IMPAIRED' },
    ]);
  });
});

describe('a label that means nothing', () => {
  it.each([
    [
      { 'rewind.behaviour': 'sleepy' },
      /rewind\.behaviour is "sleepy"; the simulator knows healthy, crash, .*unhealthy, .*unpullable/,
    ],
    [{ 'rewind.behaviour': 'constructor' }, /rewind\.behaviour is "constructor"/],
    [{ 'rewind.behaviour': 'crash', 'rewind.exit-code': '300' }, /rewind\.exit-code is "300"/],
    [{ 'rewind.behaviour': 'crash', 'rewind.crash-after': 'soon' }, /rewind\.crash-after is "soon"/],
  ])('is refused when the task definition is registered: %o', async (labels, message) => {
    await expect(ecs.register(labels)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringMatching(message),
    });
  });
});
