import { afterEach, describe, expect, it } from 'vitest';
import { discoverySeconds, homePlace } from '../../../infra/local/rewind-in-process';
import { awsInventory, type Inventory } from '../../../services/aws/ecs/inventory';
import { type DiscoveryCounts, discover } from '../../../services/discovery/discover';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../services/policy/policy-file';
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

async function* outOfReach(): AsyncIterable<never> {
  yield await Promise.reject<never>(new Error('ECS is out of reach'));
}

/** What a discovery finds by an inventory of its own. */
function looked(
  { alarms, log: eventLog, ecs }: RewindAtWork,
  inventory: Inventory,
): Promise<DiscoveryCounts> {
  return discover({
    ...{ inventory, alarms, eventLog, place: homePlace, periodSeconds: discoverySeconds },
    policies: parsePolicyFile('', 'policy'),
    now: () => ecs.clock.now(),
    onFailure: () => {},
  });
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

describe('what moved while nobody could look (I5)', () => {
  it.each([
    ['an hour', 3600, ['succeeded', 'succeeded']],
    ['more than a day', 26 * 3600, ['succeeded']],
  ])('is found when somebody looks again, after %s', async (_howLong, seconds, outcomes) => {
    const rewind = await withoutNotifications();
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register() });
    await passLooking(rewind, 4);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(300);
    rewind.ecs.clock.advanceBy(seconds);
    await passLooking(rewind, 3);
    expect((await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  it('is found also where ECS was out of reach from the first look on', async () => {
    const rewind = await withoutNotifications();
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register() });
    const unreachable = { ...awsInventory(rewind.rewindsClient()), services: outOfReach };
    await expect(looked(rewind, unreachable)).rejects.toThrow('out of reach');
    await rewind.pass(3600);
    await passLooking(rewind, 2);
    expect(await rewind.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'succeeded' }]);
  });

  it('is found also where only its own service could not be looked at, for hours', async () => {
    const rewind = await withoutNotifications();
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(300);
    const partly = { ...awsInventory(rewind.rewindsClient()), tasks: outOfReach };
    for (let period = 0; period < 20; period += 1) {
      expect(await looked(rewind, partly)).toMatchObject({ moving: 1, failed: 1 });
      await rewind.pass(discoverySeconds);
    }
    await passLooking(rewind, 2);
    expect(await rewind.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'succeeded' }]);
    expect(await rewind.discover()).toMatchObject({ moving: 0 });
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
