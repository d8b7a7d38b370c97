import { afterEach, expect, it } from 'vitest';
import type { EventLog } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { verifyDecisions } from '../../../../state-machines/audit/verify';
import type { EventId } from '../../../../state-machines/log/identifiers';
import { instantFrom } from '../../../../state-machines/log/instant';
import type { TaskChanged } from '../../../../state-machines/log/observed-events';
import { RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

const policy = 'defaults: { bakeSeconds: 200 }';
const notifications = 8;

/** A log in which notifications arrive as a reconcile begins to append what ECS has shown it. */
function busy(log: EventLog, pattern: TaskChanged, now: () => number): EventLog {
  let told = 0;
  return {
    ...log,
    async append(recorded) {
      if (recorded.event.type === 'TaskChanged') {
        for (; told < notifications; told += 1) {
          const occurredAt = instantFrom(now() - 1500 + told);
          const id = `other-${told}` as EventId;
          const event = { ...pattern, id, task: id, version: 1, lastStatus: 'PENDING', occurredAt };
          await log.append({ event, recordedAt: instantFrom(now() - 1), notification: null });
        }
      }
      return log.append(recorded);
    },
  };
}

it('a decision behind facts that were appended while notifications came is confirmed (I9)', async () => {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy });
  await rewind.withStable();
  rewind.delaysOf = (envelope) => (envelope['detail-type'] === 'ECS Task State Change' ? [] : [0]);
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(), desiredCount: 8 });
  await rewind.pass(2);
  rewind.isAwake = false;
  await rewind.pass(550);
  const pattern = (await rewind.events()).findLast(
    (event): event is TaskChanged => event.type === 'TaskChanged',
  );
  if (pattern === undefined) throw new Error('no task was told of');
  const busyLog = busy(rewind.log, pattern, () => rewind.ecs.clock.now());
  const reconcile = rewind.reconcilerWith({ log: busyLog, policies: parsePolicyFile(policy, 'policy') });
  await reconcile({ service, changedFrom: '0' as never });
  const unconfirmed = [...verifyDecisions(await rewind.recorded())]
    .filter(({ verification }) => verification.result !== 'confirmed')
    .map(({ decision, verification }) => ({ type: decision.event.type, ...verification }));
  expect(unconfirmed).toEqual([]);
});
