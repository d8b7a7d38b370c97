import { afterEach, expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { snapshotContent } from '../../../../services/event-log/snapshot';
import { RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

it('the streams of alarms are read once more when everybody can know who watches them', async () => {
  rewind = await RewindAtWork.start(memoryEventLog(), {
    policy: 'defaults: { alarms: [errors], probationSeconds: 0 }',
  });
  rewind.alarm('errors', 'OK');
  await rewind.withStable();
  const kept = async () => snapshotContent(await rewind.log.readSnapshot(service), service);
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
  await rewind.pass(1);
  const { watchesSince } = await kept();
  expect(watchesSince).toBe(rewind.ecs.clock.now());
  // Nothing is known of a stage of traffic: ECS shifts none.
  expect((await kept()).stageSeenAt).toBeUndefined();
  await rewind.pass(2);
  expect((await kept()).watchesSince).toBe(watchesSince);
  await rewind.pass(120);
  expect((await kept()).watchesSince).toBeUndefined();
});
