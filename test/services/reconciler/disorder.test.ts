import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../infra/ecs-simulator/src/ecs-simulator';
import type { EventLog, RecordedEvent } from '../../../services/event-log/event-log';
import { itemBytes } from '../../../services/event-log/item-size';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { endOfSnapshot, snapshotContent, snapshotItemOf } from '../../../services/event-log/snapshot';
import type { DeploymentId, EventId } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import type { TaskChanged } from '../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { collect } from '../event-log/collect';
import { service } from './worlds/rewind-at-work';
import { openGate, RollbackWorld } from './worlds/rollback-world';

const tasks = Number(process.env.REWIND_TASKS ?? 400);
const statuses = ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING', 'RUNNING', 'RUNNING'];

/** A log that counts what is read from it. */
function counted(log: EventLog) {
  const counts = { read: 0, written: 0, largest: 0 };
  const countedLog: EventLog = {
    ...log,
    async *read(of, after) {
      for await (const recorded of log.read(of, after)) {
        counts.read += 1;
        yield recorded;
      }
    },
    async readAt(of, keys) {
      const found = await log.readAt(of, keys);
      counts.read += found.length;
      return found;
    },
    writeSnapshot(of, snapshot) {
      counts.written += 1;
      counts.largest = Math.max(counts.largest, itemBytes(snapshotItemOf(of, snapshot)));
      return log.writeSnapshot(of, snapshot);
    },
  };
  return { log: countedLog, counts };
}

interface Arrival {
  readonly recorded: RecordedEvent;
  readonly at: number;
}

/** Ten tasks a second, six notifications each, so many seconds late at most. */
function arrivals(pattern: TaskChanged, from: number, latenessSeconds: number): Arrival[] {
  const random = new SeededRandom(1);
  const all = Array.from({ length: tasks }, (_, number) => {
    const task = createHash('sha256').update(`${number}`).digest('hex').slice(0, 32);
    return statuses.map((lastStatus, index) => {
      const occurredAt = instantFrom(from + 1000 + number * 100 + index * 5000);
      const version = index + 1;
      const id = `${task}-${version}` as EventId;
      const event = { ...pattern, id, occurredAt, task, version, lastStatus, startedAt: null, stopped: null };
      const at = occurredAt + random.integer(0, latenessSeconds * 1000);
      return { recorded: { event, recordedAt: instantFrom(at), notification: null }, at };
    });
  });
  return all.flat().sort((a, b) => a.at - b.at);
}

async function work(latenessSeconds: number) {
  const inner = memoryEventLog();
  const world = await RollbackWorld.startStable({ log: inner, seed: 1 });
  const { log, counts } = counted(world.log);
  const reconcile = world.reconcilerBehind(openGate, { log });
  const taskDefinition = world.register({});
  world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition });
  await world.deliver();
  await reconcile(world.wakeUp());
  const deployment = world.primary().id as DeploymentId;
  const isTask = (event: { readonly type: string }): event is TaskChanged => event.type === 'TaskChanged';
  const pattern = (await world.events()).find(isTask);
  if (pattern === undefined) throw new Error('no task was told of');
  const queue = arrivals({ ...pattern, deployment }, world.clock.now(), latenessSeconds);
  const before = counts.read;
  for (let next = 0; next < queue.length; ) {
    world.clock.advanceBy(1);
    for (; (queue[next]?.at ?? Infinity) <= world.clock.now(); next += 1) {
      const arrival = queue[next];
      if (arrival !== undefined) await world.log.append(arrival.recorded);
    }
    await reconcile(world.wakeUp());
  }
  const content = snapshotContent(await inner.readSnapshot(service), service);
  const since = await collect(inner.read(service, endOfSnapshot(content)));
  const behind = [...(content.recent ?? []), ...since.map(({ event }) => event)];
  const kept = foldOn(content.fold, behind, defaultPolicy).state;
  const scratch = foldOn(emptyFold(service), inOrder(await world.events()), defaultPolicy).state;
  return { perEvent: (counts.read - before) / queue.length, largest: counts.largest, kept, scratch };
}

describe(`a rollout of ${tasks} tasks`, () => {
  it.each([0, 0.2, 2, 10])(
    'whose notifications arrive up to %d s late has each event read at most three times (I7)',
    async (latenessSeconds) => {
      const { perEvent, largest, kept, scratch } = await work(latenessSeconds);
      console.info(`${latenessSeconds} s: ${perEvent.toFixed(2)} reads an event, ${largest} bytes`);
      expect(perEvent).toBeLessThan(3);
      expect(largest).toBeLessThan(400_000);
      expect(kept).toEqual(scratch);
    },
    600_000,
  );
});
