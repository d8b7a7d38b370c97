import { expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { readState } from '../../../../services/event-log/snapshot';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { wakeBySweep } from '../../../../services/recovery/wake-by-sweep';
import { logKeyOf } from '../../../../state-machines/log/events';
import { instantFrom } from '../../../../state-machines/log/instant';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { service } from '../worlds/rewind-at-work';
import { openGate, RollbackWorld } from '../worlds/rollback-world';
import { crashedTask, tellerOfTasks } from '../worlds/told-tasks';

const policies = parsePolicyFile('defaults: { bakeSeconds: 200, failureRule: percent }', 'policy');

/** A rollout of 360 tasks, more than a snapshot keeps unsettled, of which the last 60 failed. */
async function longRollout() {
  const world = await RollbackWorld.startStable({ log: memoryEventLog(), seed: 1, policies });
  const reconcile = world.reconcilerBehind(openGate);
  world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: world.register({}) });
  await world.deliver();
  await reconcile(world.wakeUp());
  const tell = await tellerOfTasks(world);
  const at = (number: number) => instantFrom(world.clock.now() - 300 + number);
  for (let number = 0; number < 300; number += 1) {
    if (number % 10 === 0) world.clock.advanceBy(1);
    await tell(`t${number}`, at(number));
    if (number % 10 === 9) await reconcile(world.wakeUp());
  }
  world.clock.advanceBy(1);
  for (let number = 0; number < 60; number += 1) await tell(`f${number}`, at(number), crashedTask);
  return world;
}

it('whoever only looks sees the verdict that is recorded on a long rollout', async () => {
  const world = await longRollout();
  await world.reconcilerBehind(openGate)(world.wakeUp());
  expect((await world.decisions('VerdictReached')).at(-1)?.verdict.result).toBe('failed');
  const { rollouts } = await readState(world.log, { service, policy: defaultPolicy });
  expect(rollouts.map(({ recorded }) => recorded.verdict)).toContain(true);
}, 60_000);

it.each([
  ['was taken back', false],
  ['is to be taken back, once ECS answers', true],
])(
  'a long rollout that %s, and whose wake-up is recovered behind its verdict, is not at a standstill',
  async (_, isSilent) => {
    const world = await longRollout();
    const observe = () => Promise.reject(Object.assign(new Error('no answer'), { name: 'TimeoutError' }));
    const ecs = isSilent ? { ecs: { ...world.plainEcs, observe } } : {};
    await world.reconcilerBehind(openGate, ecs)(world.wakeUp());
    // The wake-up of the last task was given up; it stands behind all that is settled.
    const last = (await world.events()).findLast(({ type }) => type === 'TaskChanged');
    const parts = { eventLog: world.log, now: () => world.clock.now() };
    await wakeBySweep(parts, { service, changedFrom: last === undefined ? null : logKeyOf(last) });
    const before = world.reports.length;
    const reconcile = world.reconcilerBehind(openGate);
    await reconcile({ service, changedFrom: null });
    while (world.hasNews) await reconcile(world.wakeUp());
    world.clock.advanceBy(300);
    await reconcile({ service, changedFrom: null });
    expect(world.reports.slice(before).filter(({ isAtStandstill }) => isAtStandstill)).toEqual([]);
    expect(await world.decisions('RollbackIssued')).toHaveLength(1);
  },
  60_000,
);
