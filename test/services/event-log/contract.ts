import { describe, expect, it } from 'vitest';
import {
  type EventLog,
  type RecordedEvent,
  type StoredSnapshot,
  UnstorableEventError,
} from '../../../services/event-log/event-log';
import type { RewindEvent } from '../../../state-machines/events';
import type { Instant, ServiceArn } from '../../../state-machines/identifiers';
import { type Position, positionOf } from '../../../state-machines/position';
import { fargateTaskNotification } from './fargate-task-notification';
import { newService, recordedAt } from './recorded-events';

/** What every implementation of EventLog keeps. The log is made once and shared: each test has a service of its own. */
export function eventLogContract(eventLog: () => EventLog): void {
  describe('appending', () => appending(eventLog));
  describe('reading', () => reading(eventLog));
  describe('a snapshot', () => keepingSnapshots(eventLog));
  describe('the services to wake', () => waking(eventLog));
  describe('the services that watch an alarm', () => watching(eventLog));
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

  it('takes the same service, instant and id for a duplicate, and keeps what was written first', async () => {
    const first = recordedAt(1_700_000_000_000, { notification: 'first' });
    const again: RecordedEvent = { ...first, recordedAt: (first.recordedAt + 60_000) as Instant, notification: 'again' };
    expect(await eventLog().append(first)).toBe('appended');
    expect(await eventLog().append(again)).toBe('duplicate');
    expect(await readAll(eventLog(), first.event.service)).toEqual([first]);
  });

  it('lets one of many writers of the same event win', async () => {
    const recorded = recordedAt(1_700_000_000_000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => eventLog().append(recorded)));
    expect(answers.filter((answer) => answer === 'appended')).toHaveLength(1);
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
  it('gives the events in order of their positions, whatever the order of arrival', async () => {
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
    const stored = await append(eventLog(), [1_000, 2_000, 3_000].map((instant) => recordedAt(instant, { service })));
    const behind = (position: Position) => readAll(eventLog(), service, position);
    expect(await behind(positionOfRecorded(stored[1]))).toEqual(stored.slice(2));
    expect(await behind(positionOf(recordedAt(1_500).event))).toEqual(stored.slice(1));
    expect(await behind(positionOfRecorded(stored[2]))).toEqual([]);
  });

  it('reads a stream of several pages to its end, and its own stream only', async () => {
    const service = newService();
    await eventLog().append(recordedAt(5_000));
    const stored = await append(
      eventLog(),
      Array.from({ length: 40 }, (_, index) => recordedAt(index + 1_000, { service, notification: `${index}` })),
    );
    expect(await readAll(eventLog(), service)).toEqual(stored);
  });

  it('may be given up after any event', async () => {
    const service = newService();
    const [first] = await append(eventLog(), [1_000, 2_000].map((instant) => recordedAt(instant, { service })));
    for await (const recorded of eventLog().read(service, null)) {
      expect(recorded).toEqual(first);
      break;
    }
  });

  it('gives nothing for a service that nobody wrote about', async () => {
    expect(await readAll(eventLog(), newService())).toEqual([]);
  });
}

const snapshot: StoredSnapshot = {
  version: 1,
  reducerVersion: 7,
  fold: { rollouts: [{ phase: 'baking', notes: ['π', null, 0.25] }], empty: {} },
  nextWakeAt: null,
  watchedAlarms: [],
};

function keepingSnapshots(eventLog: () => EventLog): void {
  it('is null until one is written, and then what was written', async () => {
    const service = newService();
    expect(await eventLog().readSnapshot(service)).toBeNull();
    const stored = { ...snapshot, nextWakeAt: 1_700_000_000_000 as Instant, watchedAlarms: ['b', 'a', 'b'] };
    expect(await eventLog().writeSnapshot(service, stored)).toBe('written');
    expect(await eventLog().readSnapshot(service)).toEqual(stored);
  });

  it('is written only over the version before it', async () => {
    const service = newService();
    const write = (version: number) => eventLog().writeSnapshot(service, { ...snapshot, version });
    expect(await write(2)).toBe('conflict');
    expect(await write(1)).toBe('written');
    expect(await write(1)).toBe('conflict');
    expect(await write(3)).toBe('conflict');
    expect(await write(2)).toBe('written');
    expect((await eventLog().readSnapshot(service))?.version).toBe(2);
  });

  it('lets one of many writers of the same version win', async () => {
    const service = newService();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => eventLog().writeSnapshot(service, snapshot)),
    );
    expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
  });

  it('does not change with the fold that it was made from', async () => {
    const service = newService();
    const fold = { counted: 1 };
    await eventLog().writeSnapshot(service, { ...snapshot, fold });
    fold.counted = 2;
    expect((await eventLog().readSnapshot(service))?.fold).toEqual({ counted: 1 });
  });

  it('never stands among the events', async () => {
    const service = newService();
    await eventLog().writeSnapshot(service, snapshot);
    const stored = await append(eventLog(), [recordedAt(9_999_999_999_999, { service })]);
    expect(await readAll(eventLog(), service)).toEqual(stored);
    expect(await readAll(eventLog(), service, positionOfRecorded(stored[0]))).toEqual([]);
  });
}

function waking(eventLog: () => EventLog): void {
  it('are those whose time has come, to the millisecond', async () => {
    const [due, dueNow, later, never] = [newService(), newService(), newService(), newService()];
    await writeSnapshot(eventLog(), due, { nextWakeAt: 1_000 });
    await writeSnapshot(eventLog(), dueNow, { nextWakeAt: 2_000 });
    await writeSnapshot(eventLog(), later, { nextWakeAt: 2_001 });
    await writeSnapshot(eventLog(), never, { nextWakeAt: null });
    const woken = await collect(eventLog().servicesToWake(2_000 as Instant));
    expect(woken).toEqual(expect.arrayContaining([due, dueNow]));
    expect(woken).not.toEqual(expect.arrayContaining([later]));
    expect(woken).not.toEqual(expect.arrayContaining([never]));
  });

  it('are no more than that once the snapshot wants no waking', async () => {
    const service = newService();
    await writeSnapshot(eventLog(), service, { nextWakeAt: 1_000, watchedAlarms: ['quiet'] });
    await writeSnapshot(eventLog(), service, { version: 2, nextWakeAt: null, watchedAlarms: ['quiet'] });
    expect(await collect(eventLog().servicesToWake(2_000 as Instant))).not.toContain(service);
    expect(await collect(eventLog().servicesWatching({ arn: 'arn', name: 'quiet' }))).not.toContain(service);
  });

  it('are found on every page', async () => {
    const services = Array.from({ length: 12 }, () => newService());
    for (const service of services) await writeSnapshot(eventLog(), service, { nextWakeAt: 500 });
    expect(await collect(eventLog().servicesToWake(500 as Instant))).toEqual(expect.arrayContaining(services));
  });
}

function watching(eventLog: () => EventLog): void {
  it('are those with a live rollout that names it, by name or by ARN', async () => {
    const alarm = { arn: 'arn:aws:cloudwatch:eu-central-1:481516234207:alarm:web-5xx', name: 'web-5xx' };
    const [byName, byArn, another] = [newService(), newService(), newService()];
    await writeSnapshot(eventLog(), byName, { nextWakeAt: 9_000, watchedAlarms: ['cpu', 'web-5xx'] });
    await writeSnapshot(eventLog(), byArn, { nextWakeAt: 9_000, watchedAlarms: [alarm.arn] });
    await writeSnapshot(eventLog(), another, { nextWakeAt: 9_000, watchedAlarms: ['web-5xx-canary'] });
    expect((await collect(eventLog().servicesWatching(alarm))).sort()).toEqual([byName, byArn].sort());
  });
}

async function writeSnapshot(
  eventLog: EventLog,
  service: ServiceArn,
  changes: { version?: number; nextWakeAt: number | null; watchedAlarms?: string[] },
): Promise<void> {
  const written = await eventLog.writeSnapshot(service, { ...snapshot, ...changes } as StoredSnapshot);
  expect(written).toBe('written');
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

async function collect<Element>(elements: AsyncIterable<Element>): Promise<Element[]> {
  const collected: Element[] = [];
  for await (const element of elements) collected.push(element);
  return collected;
}
