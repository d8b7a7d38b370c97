import { expect, it } from 'vitest';
import { KnownStream } from '../../../../services/cli/dashboard/data/known-stream';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { EventId } from '../../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../../state-machines/log/instant';
import type { TaskChanged } from '../../../../state-machines/log/observed-events';
import { service } from '../../reconciler/worlds/rewind-at-work';
import { openGate, RollbackWorld } from '../../reconciler/worlds/rollback-world';

const policies = parsePolicyFile('defaults: { bakeSeconds: 200, failureRule: percent }', 'policy');

it('a dashboard that stays open shows a fact that came a second late, as soon as Rewind has folded it', async () => {
  const log = memoryEventLog();
  const world = await RollbackWorld.startStable({ log, seed: 1, policies });
  world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: world.register({}) });
  for (let second = 0; second < 200; second += 1) {
    world.clock.advanceBy(1);
    await world.deliver();
    if (world.hasNews) await world.reconcilerBehind(openGate)(world.wakeUp());
  }
  const pattern = (await world.events()).findLast(
    (event): event is TaskChanged => event.type === 'TaskChanged',
  );
  if (pattern === undefined) throw new Error('no task was told of');
  const now = world.clock.now();
  const tell = (id: string, occurredAt: Instant) =>
    world.log.append({
      event: { ...pattern, id: id as EventId, task: id, version: 1, occurredAt, lastStatus: 'PENDING' },
      recordedAt: world.clock.now(),
      notification: null,
    });
  await tell('g', secondsAfter(now, 2));
  world.clock.advanceBy(3);
  await world.reconcilerBehind(openGate)(world.wakeUp());
  const stream = await KnownStream.read(log, service);
  await tell('late', secondsAfter(now, 1));
  await world.reconcilerBehind(openGate)(world.wakeUp());
  await stream.refresh(secondsAfter(now, -100));
  expect(stream.events.map(({ event }) => event.id)).toContain('late');
}, 60_000);
