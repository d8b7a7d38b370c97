import { afterEach, describe, expect, it } from 'vitest';
import { discoverySeconds } from '../../../infra/local/rewind-in-process';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { crashing, never, promptly, RewindAtWork } from '../reconciler/worlds/rewind-at-work';

let rewind: RewindAtWork | undefined;
afterEach(() => rewind?.stop());

/** Rewind, but EventBridge delivers nothing: all that is known comes from the discovery. */
async function withoutNotifications(policy = ''): Promise<RewindAtWork> {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy });
  rewind.delaysOf = never;
  return rewind;
}

async function passLooking(rewind: RewindAtWork, periods: number): Promise<void> {
  for (let period = 0; period < periods; period += 1) {
    await rewind.pass(discoverySeconds);
    await rewind.discover();
  }
}

describe('with every notification lost (I5)', () => {
  it('a good rollout is found, bakes and proves itself', async () => {
    const rewind = await withoutNotifications();
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register() });
    await passLooking(rewind, 3);
    expect(await rewind.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'succeeded' }]);
  });

  it('a crashing one gets the same verdict and is taken back within a period and a sweep', async () => {
    const rewind = await withoutNotifications();
    const stable = await rewind.ecs.register();
    await rewind.ecs.create({ taskDefinition: stable });
    await passLooking(rewind, 3);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await passLooking(rewind, 1);
    expect((await rewind.decisions('VerdictReached')).at(1)).toMatchObject({
      verdict: { reason: 'TaskFailures' },
    });
    expect(rewind.writes('StopServiceDeployment')).toBe(1);
    await passLooking(rewind, 3);
    expect((await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'rolledBack',
      'succeeded',
    ]);
    expect(await rewind.runs()).toBe(stable);
  });

  it.each([
    ['fails its health check', { 'rewind.behaviour': 'unhealthy' }],
    ['has no image', { 'rewind.behaviour': 'unpullable' }],
    ['crashes in its bake', { ...crashing, 'rewind.crash-after': '150' }],
  ])('one that %s is judged by its tasks and taken back', async (_how, labels) => {
    const rewind = await withoutNotifications();
    const stable = await rewind.ecs.register();
    await rewind.ecs.create({ taskDefinition: stable });
    await passLooking(rewind, 5);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(labels) });
    await passLooking(rewind, 5);
    expect((await rewind.decisions('VerdictReached')).at(1)).toMatchObject({
      verdict: { result: 'failed', reason: 'TaskFailures' },
    });
    expect(await rewind.runs()).toBe(stable);
  });

  it('an alarm that was raised takes it back', async () => {
    const rewind = await withoutNotifications('defaults: { alarms: [errors], bakeSeconds: 1200 }');
    rewind.alarm('errors', 'OK');
    const stable = await rewind.ecs.register();
    await rewind.ecs.create({ taskDefinition: stable });
    await passLooking(rewind, 6);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await passLooking(rewind, 1);
    rewind.alarm('errors', 'ALARM');
    await passLooking(rewind, 1);
    expect((await rewind.decisions('VerdictReached')).at(1)).toMatchObject({
      verdict: { reason: 'AlarmRaised' },
    });
    expect(await rewind.runs()).toBe(stable);
  });

  it('one that ECS took back is adopted', async () => {
    const rewind = await withoutNotifications('defaults: { minimumFailures: 50 }');
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register() });
    await passLooking(rewind, 3);
    await rewind.ecs.update({
      taskDefinition: await rewind.ecs.register(crashing),
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    await passLooking(rewind, 4);
    const outcomes = (await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['succeeded', 'rolledBack', 'succeeded']);
    expect(rewind.writes('StopServiceDeployment')).toBe(0);
  });
});

describe('with every notification delivered', () => {
  it('the discovery counts nothing a second time (I1)', async () => {
    const rewind = await withoutNotifications();
    rewind.delaysOf = promptly;
    await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(40);
    const before = (await rewind.decisions('RolloutConcluded')).length;
    await rewind.discover();
    await rewind.pass(900);
    const verdicts = await rewind.decisions('VerdictReached');
    expect(before).toBe(1);
    expect(verdicts.map(({ verdict }) => verdict.reason)).toEqual([
      'BakePassed',
      'TaskFailures',
      'BakePassed',
    ]);
    expect(verdicts[1]?.verdict.message).toMatch(/^2 of /);
    expect(rewind.writes('StopServiceDeployment')).toBe(1);
  });

  it('a service that rests is not looked at', async () => {
    const rewind = await withoutNotifications();
    rewind.delaysOf = promptly;
    await rewind.withStable();
    await rewind.pass(600);
    expect(await rewind.discover()).toEqual({ services: 1, moving: 0, appended: 0, failed: 0 });
  });
});

describe('a service that the policy does not manage', () => {
  it('is left alone', async () => {
    const rewind = await withoutNotifications('manage: ["staging/*"]');
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(60);
    expect(await rewind.discover()).toEqual({ services: 0, moving: 0, appended: 0, failed: 0 });
  });
});
