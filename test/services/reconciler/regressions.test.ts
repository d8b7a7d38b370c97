import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { blueGreen, loadBalancers } from '../../infra/ecs-simulator/hooked-service';
import { crashing, RewindAtWork } from './worlds/rewind-at-work';

let rewind: RewindAtWork;
const start = async (policy = '') => {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy });
};
beforeEach(() => start());
afterEach(() => rewind.stop());

/** How the rollouts ended, the first one's success left out. */
async function endings() {
  return (await rewind.decisions('RolloutConcluded')).slice(1).map(({ outcome }) => outcome);
}

/** Rewind's own writes to ECS. */
async function writesByRewind() {
  const issued = await rewind.decisions('RollbackIssued');
  return issued.length;
}

async function deploy(labels: Record<string, string>, input: object = {}) {
  const taskDefinition = await rewind.ecs.register(labels);
  await rewind.ecs.update({ taskDefinition, ...input });
  return taskDefinition;
}

describe('what users of other tools have met', () => {
  it('tasks that run 20 s and exit 1, again and again with healthy ones in between, are rolled back', async () => {
    const stable = await rewind.withStable();
    await deploy({ 'rewind.behaviour': 'flaky', 'rewind.crash-after': '20' });
    await rewind.pass(600);
    expect([await rewind.runs(), await endings()]).toEqual([stable, ['rolledBack', 'succeeded']]);
  });

  it('a rollout short of nothing but capacity holds, and is not rolled back', async () => {
    await rewind.withStable();
    rewind.ecs.simulator.platform.setCapacity('prod', false);
    const next = await deploy({});
    await rewind.pass(900);
    expect([await rewind.runs(), await endings(), await writesByRewind()]).toEqual([next, [], 0]);
    rewind.ecs.simulator.platform.setCapacity('prod', true);
    await rewind.pass(2000);
    expect([await rewind.runs(), await endings()]).toEqual([next, ['succeeded']]);
  });

  it("ECS's own rollback that begins first is adopted, and nothing is written to ECS", async () => {
    const stable = await rewind.withStable();
    rewind.isAwake = false;
    await deploy(crashing, {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    const hasBegun = () =>
      rewind.ecs.deploymentHistory().filter((line) => line.startsWith('FAILED')).length > 0;
    for (let second = 0; second < 300 && !hasBegun(); second += 1) await rewind.pass(1);
    rewind.ecs.clock.advanceBy(0.01);
    rewind.isAwake = true;
    await rewind.pass(600);
    expect([await rewind.runs(), await writesByRewind()]).toEqual([stable, 0]);
    expect(await endings()).toEqual(['rolledBack', 'succeeded']);
  });

  it('a rollback that fails itself is told once and never tried again', async () => {
    await rewind.withStable();
    const fragile = { 'rewind.behaviour': 'crash', 'rewind.crash-after': '700' };
    await deploy(fragile);
    await rewind.pass(650);
    await deploy(crashing);
    await rewind.pass(2_000);
    const failed = (await endings()).filter((outcome) => outcome === 'rollbackFailed');
    expect([failed.length > 0, await writesByRewind()]).toEqual([true, 1]);
  });

  it('the first deployment ever that fails has no safe target', async () => {
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(300);
    expect(await rewind.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'noSafeTarget' }]);
    expect(await writesByRewind()).toBe(0);
  });

  it('a stable task definition that is INACTIVE is what the service goes back to all the same', async () => {
    await rewind.withStable();
    const newer = await deploy({});
    await rewind.pass(600);
    await deploy(crashing);
    await rewind.ecs.deregister(newer);
    await rewind.pass(600);
    expect(await rewind.runs()).toBe(newer);
    expect(await rewind.decisions('RollbackIssued')).toMatchObject([
      { method: 'StopServiceDeployment', target: newer },
    ]);
  });

  it('a deployment that supersedes a failing one is not rolled back', async () => {
    await rewind.withStable();
    await deploy(crashing);
    await rewind.pass(20);
    const newer = await deploy({});
    await rewind.pass(700);
    expect([await rewind.runs(), await writesByRewind()]).toEqual([newer, 0]);
  });

  it('a pipeline that applies the bad revision for ever spends the budget: then the service is frozen, and told so', async () => {
    const stable = await rewind.withStable();
    const bad = await rewind.ecs.register(crashing);
    for (let round = 0; round < 4; round += 1) {
      await rewind.ecs.update({ taskDefinition: bad });
      await rewind.pass(420);
    }
    expect(await writesByRewind()).toBe(3);
    const rejected = await rewind.decisions('RollbackRejected');
    expect(rejected).toMatchObject([{ reason: 'BudgetSpent' }]);
    expect(rejected[0]?.message).toMatch(
      /^3 rollbacks are allowed in 24 hours: the service is frozen until 2026-01-02T/,
    );
    expect(rewind.reports.some(({ because }) => because.startsWith('BudgetSpent'))).toBe(true);
    expect((await endings()).at(-1)).toBe('rollbackFailed');
    expect([await rewind.runs(), stable === bad]).toEqual([bad, false]);
  });

  it('failures while the deployment waits at a PAUSE hook still roll it back', async () => {
    const stable = await rewind.ecs.register();
    await rewind.ecs.create({ taskDefinition: stable, loadBalancers, deploymentConfiguration: blueGreen() });
    await rewind.pass(2400);
    expect((await rewind.decisions('RolloutConcluded')).length).toBe(1);
    const pause = { targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] };
    const labels = { ...crashing, 'rewind.crash-after': '150' };
    await deploy(labels, { deploymentConfiguration: blueGreen(pause) });
    await rewind.pass(900);
    expect((await rewind.decisions('VerdictReached')).at(1)).toMatchObject({
      verdict: { reason: 'TaskFailures' },
    });
    await rewind.pass(1200);
    expect([await rewind.runs(), await writesByRewind(), (await endings())[0]]).toEqual([
      stable,
      1,
      'rolledBack',
    ]);
  });

  it('a host that is lost while nothing is deployed opens nothing and judges nothing', async () => {
    await rewind.withStable();
    rewind.ecs.simulator.platform.loseHost({ cluster: 'prod', service: 'web', count: 2 });
    await rewind.pass(300);
    const opened = await rewind.decisions('RolloutOpened');
    expect([opened.length, await endings(), await writesByRewind()]).toEqual([1, [], 0]);
  });

  it('a desired count that changes during a rollout neither fails it nor starts another', async () => {
    await rewind.withStable();
    const newer = await deploy({});
    for (const desiredCount of [6, 2, 5]) {
      await rewind.pass(15);
      await rewind.ecs.update({ desiredCount });
    }
    await rewind.pass(700);
    expect([await rewind.runs(), await endings(), await writesByRewind()]).toEqual([newer, ['succeeded'], 0]);
  });

  it('a rollout that ECS calls a success early, and whose other tasks crash then, is rolled back in the bake', async () => {
    const stable = await rewind.withStable();
    const earlySuccessCriteria = {
      enable: true,
      healthyPercent: 50,
      sourceServiceRevisionCleanup: 'DEFERRED' as const,
    };
    const deploymentConfiguration = { minimumHealthyPercent: 50, maximumPercent: 200, earlySuccessCriteria };
    await deploy({ 'rewind.behaviour': 'crash', 'rewind.crash-after': '120' }, { deploymentConfiguration });
    await rewind.pass(900);
    expect([await rewind.runs(), (await endings()).at(0)]).toEqual([stable, 'rolledBack']);
    const bad = (await rewind.decisions('RolloutOpened')).at(1)?.deployment;
    const completed = rewind.ecs.deploymentHistory().includes(`COMPLETED ${bad}`);
    expect([completed, (await rewind.decisions('RollbackIssued')).at(0)?.method]).toEqual([
      true,
      'UpdateService',
    ]);
  });

  it('a service that a person takes back by hand is followed, and the log says who did it', async () => {
    const stable = await rewind.withStable();
    rewind.isAwake = false;
    await deploy(crashing);
    await rewind.pass(120);
    await rewind.ecs.update({ taskDefinition: stable });
    rewind.isAwake = true;
    await rewind.pass(600);
    expect([await rewind.runs(), await writesByRewind()]).toEqual([stable, 0]);
    expect((await endings()).at(0)).toBe('rolledBack');
    expect(await rewind.decisions('RollbackAdopted')).toMatchObject([{ by: 'operator', target: stable }]);
  });
});
