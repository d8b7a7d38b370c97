import { expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { readState, snapshotContent } from '../../../../services/event-log/snapshot';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { instantFrom, secondsAfter } from '../../../../state-machines/log/instant';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../../state-machines/service/fold';
import { finishAll, Reconciling } from '../worlds/reconciling';
import { service } from '../worlds/rewind-at-work';
import { openGate, RollbackWorld } from '../worlds/rollback-world';
import { crashedTask, passAwake, tellerOfTasks } from '../worlds/told-tasks';

const policies = parsePolicyFile('defaults: { bakeSeconds: 200, failureRule: percent }', 'policy');

/** A healthy rollout, in its bake, and what is needed to tell of its tasks. */
async function inBake() {
  const world = await RollbackWorld.startStable({ log: memoryEventLog(), seed: 1, policies });
  const taskDefinition = world.register({});
  world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition });
  await passAwake(world, () => world.reconcilerBehind(openGate)(world.wakeUp()));
  return { world, tell: await tellerOfTasks(world) };
}

async function bothFolds(world: RollbackWorld) {
  const kept = await readState(world.log, { service, policy: defaultPolicy });
  const scratch = foldOn(emptyFold(service), inOrder(await world.events()), defaultPolicy).state;
  return { kept, scratch };
}

it('a reconcile that had read before another one cannot hide what that one was woken for (I4)', async () => {
  const { world, tell } = await inBake();
  const now = world.clock.now();
  expect((await bothFolds(world)).kept.rollouts.at(-1)?.phase).toBe('baking');

  const snapshot = await world.log.readSnapshot(service);
  const end = snapshotContent(snapshot, service).fold.position;
  const lateAt = secondsAfter(instantFrom(Number(end?.slice(0, 13))), -1);
  // The first is woken for something before the end of the snapshot, and something behind it.
  await tell('late', lateAt);
  await tell('g', secondsAfter(now, 2));
  world.clock.advanceBy(3);
  let hasRead = false;
  const first = new Reconciling(() => world.clock.now());
  const gate = {
    before: async (effect: { name: string; isRollback: boolean }) => {
      if (effect.name === 'writeSnapshot' && !hasRead) {
        hasRead = true;
        await first.before(effect);
      }
    },
    after: async () => {},
  };
  await first.start(() => world.reconcilerBehind(gate)(world.wakeUp()));
  expect(hasRead).toBe(true);

  // Meanwhile a task fails: told a second after what had taken place a second after it.
  await tell('f1', secondsAfter(now, 1), crashedTask);
  await world.reconcilerBehind(openGate)(world.wakeUp());
  await finishAll([first]);

  while (world.hasNews) await world.reconcilerBehind(openGate)(world.wakeUp());
  const { kept, scratch } = await bothFolds(world);
  const failures = (state: typeof kept) => state.rollouts.map(({ context }) => context.evidence.failed);

  // A second failure tips the verdict of the policy, in the log.
  await tell('f2', secondsAfter(now, 4), crashedTask);
  await world.reconcilerBehind(openGate)(world.wakeUp());
  await world.settle();
  const verdicts = await world.decisions('VerdictReached');
  expect({ failures: failures(kept), verdict: verdicts.at(1)?.verdict.result }).toEqual({
    failures: failures(scratch),
    verdict: 'failed',
  });
}, 60_000);
