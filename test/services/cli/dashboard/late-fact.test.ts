import { expect, it } from 'vitest';
import { KnownStream } from '../../../../services/cli/dashboard/data/known-stream';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { secondsAfter } from '../../../../state-machines/log/instant';
import { service } from '../../reconciler/worlds/rewind-at-work';
import { openGate, RollbackWorld } from '../../reconciler/worlds/rollback-world';
import { passAwake, tellerOfTasks } from '../../reconciler/worlds/told-tasks';

const policies = parsePolicyFile('defaults: { bakeSeconds: 200, failureRule: percent }', 'policy');

it('a dashboard that stays open shows a fact that came a second late, as soon as Rewind has folded it', async () => {
  const log = memoryEventLog();
  const world = await RollbackWorld.startStable({ log, seed: 1, policies });
  world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: world.register({}) });
  const wake = () => world.reconcilerBehind(openGate)(world.wakeUp());
  await passAwake(world, wake);
  const tell = await tellerOfTasks(world);
  const now = world.clock.now();
  await tell('g', secondsAfter(now, 2));
  world.clock.advanceBy(3);
  await wake();
  const stream = await KnownStream.read(log, service);
  await tell('late', secondsAfter(now, 1));
  await wake();
  await stream.refresh(secondsAfter(now, -100));
  expect(stream.events.map(({ event }) => event.id)).toContain('late');
}, 60_000);
