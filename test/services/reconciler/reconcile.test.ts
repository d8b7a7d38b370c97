import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import type { EventLog } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { openOwnTable } from '../../fixtures/own-table';
import { emptyLog } from './worlds/log-table';
import { crashing, RewindAtWork } from './worlds/rewind-at-work';

let dynamoDb: LocalTable;
let rewind: RewindAtWork | undefined;

beforeAll(async () => {
  dynamoDb = await openOwnTable();
});
afterAll(() => dynamoDb?.stop());
afterEach(() => rewind?.stop());

async function start(policy = '', log: EventLog = memoryEventLog()): Promise<RewindAtWork> {
  rewind = await RewindAtWork.start(log, { policy });
  return rewind;
}

/** Both logs keep the same contract; each way back is gone on the real one. */
async function startOnDynamoDb(policy?: string): Promise<RewindAtWork> {
  return start(policy, await emptyLog(dynamoDb));
}

describe('a rollout that completes', () => {
  it('passes when its bake is over, which the sweep finds, and is stable then', async () => {
    const rewind = await start();
    const stable = await rewind.withStable();
    expect(await rewind.decisions('VerdictReached')).toMatchObject([{ verdict: { reason: 'BakePassed' } }]);
    expect(await rewind.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'succeeded' }]);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(5);
    expect(await rewind.decisions('RolloutOpened')).toMatchObject([{ stable: null }, { stable }]);
  });

  it('leaves no wake-up behind once it is concluded', async () => {
    const rewind = await start();
    await rewind.withStable();
    expect(await rewind.sweep()).toEqual({ woken: 0, failed: 0 });
  });
});

describe('a rollout whose tasks crash', () => {
  it('is stopped while ECS works on it, once, and the service is back on its stable task definition', async () => {
    const rewind = await startOnDynamoDb();
    const stable = await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(300);
    expect(await rewind.runs()).toBe(stable);
    expect([rewind.writes('StopServiceDeployment'), rewind.writes('UpdateService')]).toEqual([1, 1]);
    expect(await rewind.decisions('RollbackIssued')).toMatchObject([
      { method: 'StopServiceDeployment', target: stable },
    ]);
    expect((await rewind.decisions('RolloutConcluded')).at(1)).toMatchObject({ outcome: 'rolledBack' });
  });

  it('watches the rollback as a rollout of its own, which is never rolled back itself (I3)', async () => {
    const rewind = await start();
    await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(900);
    const opened = await rewind.decisions('RolloutOpened');
    expect(opened.at(2)).toMatchObject({
      rollbackOf: opened[1]?.deployment,
      deployment: opened[0]?.deployment,
    });
    expect((await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'rolledBack',
      'succeeded',
    ]);
  });

  it('is taken back by UpdateService when it crashes in the bake', async () => {
    const rewind = await startOnDynamoDb();
    const stable = await rewind.withStable();
    const labels = { ...crashing, 'rewind.crash-after': '150' };
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(labels) });
    await rewind.pass(600);
    expect(await rewind.decisions('RollbackIssued')).toMatchObject([
      { method: 'UpdateService', target: stable },
    ]);
    expect(await rewind.runs()).toBe(stable);
    expect(rewind.writes('StopServiceDeployment')).toBe(0);
  });

  it('ends without a safe target when it is the first ever, and nothing is written to ECS (I4)', async () => {
    const rewind = await start();
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(200);
    expect(await rewind.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'noSafeTarget' }]);
    expect([rewind.writes('StopServiceDeployment'), rewind.writes('UpdateService')]).toEqual([0, 0]);
  });

  it('goes back to a task definition that was deregistered, while ECS works on it', async () => {
    const rewind = await start();
    const stable = await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.ecs.deregister(stable);
    await rewind.pass(300);
    expect((await rewind.decisions('RolloutConcluded')).at(1)).toMatchObject({ outcome: 'rolledBack' });
    expect(rewind.writes('StopServiceDeployment')).toBe(1);
    expect(await rewind.runs()).toBe(stable);
  });
});

describe('a rollout that ECS takes back itself', () => {
  it('is adopted: Rewind writes nothing to ECS, and the log says who did it', async () => {
    const rewind = await startOnDynamoDb('defaults: { minimumFailures: 50 }');
    const stable = await rewind.withStable();
    await rewind.ecs.update({
      taskDefinition: await rewind.ecs.register(crashing),
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    await rewind.pass(400);
    expect(await rewind.runs()).toBe(stable);
    expect(await rewind.decisions('RollbackAdopted')).toMatchObject([{ by: 'ecs', target: stable }]);
    expect((await rewind.decisions('RolloutConcluded')).at(1)).toMatchObject({ outcome: 'rolledBack' });
    expect([rewind.writes('StopServiceDeployment'), rewind.writes('UpdateService')]).toEqual([0, 1]);
  });

  it('is taken back by Rewind when the circuit breaker may not roll back', async () => {
    const rewind = await start('defaults: { minimumFailures: 50 }');
    const stable = await rewind.withStable();
    await rewind.ecs.update({
      taskDefinition: await rewind.ecs.register(crashing),
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    });
    await rewind.pass(400);
    expect(await rewind.decisions('RollbackIssued')).toMatchObject([
      { method: 'UpdateService', target: stable },
    ]);
    expect(await rewind.runs()).toBe(stable);
  });
});

describe('a rollout that is superseded', () => {
  it('is left alone: the newer deployment is not overwritten', async () => {
    const rewind = await start();
    await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    rewind.isAwake = false;
    await rewind.pass(120);
    const newer = await rewind.ecs.register();
    await rewind.ecs.update({ taskDefinition: newer });
    rewind.isAwake = true;
    await rewind.pass(600);
    expect(await rewind.runs()).toBe(newer);
    expect((await rewind.decisions('RolloutConcluded')).at(1)).toMatchObject({ outcome: 'superseded' });
    expect(rewind.writes('StopServiceDeployment')).toBe(0);
  });
});

describe('observe mode', () => {
  it('reaches the verdict, writes nothing to ECS, and ends as not enforced', async () => {
    const rewind = await start('defaults: { mode: observe, deadlineSeconds: 300 }');
    await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(120);
    expect(rewind.reports.at(-1)?.because).toMatch('observe mode: Rewind would have gone back to web:1');
    await rewind.pass(300);
    expect((await rewind.decisions('RolloutConcluded')).at(1)).toMatchObject({ outcome: 'notEnforced' });
    expect([rewind.writes('StopServiceDeployment'), rewind.writes('UpdateService')]).toEqual([0, 1]);
  });

  it('is set by a tag of the service over any file', async () => {
    const rewind = await start('defaults: { mode: enforce }');
    const stable = await rewind.ecs.register();
    await rewind.ecs.create({ taskDefinition: stable, tags: [{ key: 'rewind:mode', value: 'observe' }] });
    await rewind.pass(500);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(200);
    expect(rewind.writes('StopServiceDeployment')).toBe(0);
    expect((await rewind.decisions('RolloutOpened')).at(1)).toMatchObject({ policy: { mode: 'observe' } });
  });
});
