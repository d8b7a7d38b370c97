import { describe, expect, it } from 'vitest';
import { withDigest } from '../../../services/event-log/digest';
import {
  type EventLog,
  type RecordedEvent,
  UnstorableEventError,
} from '../../../services/event-log/event-log';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { type Position, positionOf } from '../../../state-machines/log/position';
import { alarmContract } from './alarm-contract';
import { collect } from './collect';
import { fargateTaskNotification } from './fargate-task-notification';
import { lookContract } from './look-contract';
import { newService, recordedAt, recordedDecision, recordedVerdict } from './recorded-events';
import { snapshotContract } from './snapshot-contract';

/**
 * What every implementation of EventLog keeps. The log is made once and shared: each test has a
 * service of its own.
 */
export function eventLogContract(eventLog: () => EventLog): void {
  describe('appending', () => appending(eventLog));
  describe('reading', () => reading(eventLog));
  describe('a stream of several pages', () => paging(eventLog));
  snapshotContract(eventLog);
  alarmContract(eventLog);
  lookContract(eventLog);
}

function appending(eventLog: () => EventLog): void {
  it('gives back what was recorded, byte for byte', async () => {
    const notification = `${fargateTaskNotification('STOPPED')}\n{"π": "\\ud83d", "text": "line\r\nline 🚀"} `;
    const recorded = recordedAt(1_700_000_000_123, { notification });
    expect(await eventLog().append(recorded)).toBe('appended');
    expect(await readAll(eventLog(), recorded.event.service)).toEqual([recorded]);
  });

  it.each([
    ['no notification', null],
    ['an empty notification', ''],
  ])('keeps %s apart from any other', async (_, notification) => {
    const recorded = recordedAt(1_700_000_000_000, { notification });
    await eventLog().append(recorded);
    expect(await readAll(eventLog(), recorded.event.service)).toEqual([recorded]);
  });

  it('takes the same service, instant and id for a duplicate, and keeps what was written first (I1)', async () => {
    const first = recordedAt(1_700_000_000_000, { notification: 'first' });
    const again: RecordedEvent = {
      ...first,
      recordedAt: (first.recordedAt + 60_000) as Instant,
      notification: 'again',
    };
    expect(await eventLog().append(first)).toBe('appended');
    expect(await eventLog().append(again)).toBe('duplicate');
    expect(await readAll(eventLog(), first.event.service)).toEqual([first]);
  });

  it('gives a decision a digest over all that it says', async () => {
    const recorded = recordedDecision({ attempt: 1 }, newService());
    await eventLog().append(recorded);
    const [read] = await readAll(eventLog(), recorded.event.service);
    expect(read).toEqual(withDigest(recorded));
    expect(read?.event).toHaveProperty('digest');
  });

  it('lets one of many writers of the same event win (I1)', async () => {
    const recorded = recordedAt(1_700_000_000_000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => eventLog().append(recorded)));
    expect(answers.filter((answer) => answer === 'appended')).toHaveLength(1);
  });

  it('takes one verdict on a rollout, whatever event tipped it, and gives it back as it was written (I2)', async () => {
    const service = newService();
    const [first, second] = ['a', 'b'].map((eventId, index) =>
      recordedVerdict({ eventId, at: 1_700_000_000_000 + index * 60_000 }, service),
    ) as [RecordedEvent, RecordedEvent];
    expect(await eventLog().append(first)).toBe('appended');
    expect(await eventLog().append(second)).toBe('duplicate');
    expect(await readAll(eventLog(), service)).toEqual([withDigest(first)]);
  });

  it('takes a verdict on each of two rollouts of one deployment', async () => {
    const service = newService();
    for (const startedAt of [1_699_999_000_000, 1_699_999_500_000]) {
      const verdict = recordedVerdict({ eventId: 'a', at: 1_700_000_000_000, startedAt }, service);
      expect(await eventLog().append(verdict)).toBe('appended');
    }
  });

  it('takes the second verdict of an earlier reducer, whose key was its cause', async () => {
    const service = newService();
    for (const eventId of ['a', 'b']) {
      const { event, ...recorded } = recordedVerdict({ eventId, at: 1_700_000_000_000 }, service);
      const { madeWith } = event as DecidedEvent;
      const earlier = { ...event, madeWith: { ...madeWith, reducerVersion: 5 } } as DecidedEvent;
      expect(await eventLog().append({ ...recorded, event: earlier })).toBe('appended');
    }
  });

  it.each([
    ['before 1970', -1],
    ['after 2286', 10_000_000_000_000],
  ])('refuses an event dated %s, which would not sort', async (_, instant) => {
    const recorded = recordedAt(instant);
    await expect(eventLog().append(recorded)).rejects.toThrow(UnstorableEventError);
    expect(await readAll(eventLog(), recorded.event.service)).toEqual([]);
  });

  it('refuses an event whose id is too long for a key', async () => {
    const recorded = recordedAt(1_700_000_000_000, { id: 'i'.repeat(1_011) });
    await expect(eventLog().append(recorded)).rejects.toThrow(UnstorableEventError);
  });
}

function reading(eventLog: () => EventLog): void {
  it('gives the events in order of their positions, whatever the order of arrival (I2)', async () => {
    const service = newService();
    const inOrder = [
      recordedAt(0, { service }),
      recordedAt(999_999_999_999, { service }),
      recordedAt(1_700_000_000_000, { service, id: 'a' }),
      recordedAt(1_700_000_000_000, { service, id: 'a~verdict' }),
      recordedAt(1_700_000_000_000, { service, id: 'b' }),
      recordedAt(9_999_999_999_999, { service }),
    ];
    for (const recorded of [3, 0, 5, 2, 1, 4].map((index) => inOrder[index])) {
      if (recorded) await eventLog().append(recorded);
    }
    expect(await readAll(eventLog(), service)).toEqual(inOrder);
  });

  it('begins directly behind a position, whether an event stands there or not', async () => {
    const service = newService();
    const stored = await append(
      eventLog(),
      [1_000, 2_000, 3_000].map((instant) => recordedAt(instant, { service })),
    );
    const behind = (position: Position) => readAll(eventLog(), service, position);
    expect(await behind(positionOfRecorded(stored[1]))).toEqual(stored.slice(2));
    expect(await behind(positionOf(recordedAt(1_500).event))).toEqual(stored.slice(1));
    expect(await behind(positionOfRecorded(stored[2]))).toEqual([]);
  });

  it('gives the events under keys, and nothing for keys without one', async () => {
    const service = newService();
    const stored = await append(
      eventLog(),
      [1_000, 2_000, 3_000].map((instant) => recordedAt(instant, { service })),
    );
    const keys = [3_000, 2_500, 1_000].map((instant) => positionOf(recordedAt(instant).event));
    const found = await eventLog().readAt(service, keys);
    expect(new Set(found)).toEqual(new Set([stored[0], stored[2]]));
    expect(await eventLog().readAt(service, [])).toEqual([]);
    expect(await eventLog().readAt(newService(), keys)).toEqual([]);
  });

  it('gives nothing for a service that nobody wrote about', async () => {
    expect(await readAll(eventLog(), newService())).toEqual([]);
  });
}

function paging(eventLog: () => EventLog): void {
  it('is read to its end, and its own stream only', async () => {
    const service = newService();
    await eventLog().append(recordedAt(5_000));
    const stored = await append(
      eventLog(),
      Array.from({ length: 40 }, (_, index) =>
        recordedAt(index + 1_000, { service, notification: `${index}` }),
      ),
    );
    expect(await readAll(eventLog(), service)).toEqual(stored);
  });

  it('may be given up after any event', async () => {
    const service = newService();
    const [first] = await append(
      eventLog(),
      [1_000, 2_000].map((instant) => recordedAt(instant, { service })),
    );
    for await (const recorded of eventLog().read(service, null)) {
      expect(recorded).toEqual(first);
      break;
    }
  });
}

async function append(eventLog: EventLog, events: RecordedEvent[]): Promise<RecordedEvent[]> {
  for (const recorded of events) expect(await eventLog.append(recorded)).toBe('appended');
  return events;
}

function positionOfRecorded(recorded: { event: RewindEvent } | undefined): Position {
  if (recorded === undefined) throw new Error('nothing was recorded there');
  return positionOf(recorded.event);
}

function readAll(eventLog: EventLog, service: ServiceArn, after: Position | null = null) {
  return collect(eventLog.read(service, after));
}
