import { describe, expect, it } from 'vitest';
import type { EventLog, StoredSnapshot } from '../../../services/event-log/event-log';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { positionOf } from '../../../state-machines/log/position';
import { collect } from './collect';
import { newService, recordedAt } from './recorded-events';

/** What every implementation of EventLog keeps of a service's snapshot, and finds by it. */
export function snapshotContract(eventLog: () => EventLog): void {
  describe('a snapshot', () => keepingSnapshots(eventLog));
  describe('the services to wake', () => waking(eventLog));
  describe('the services that watch an alarm', () => watching(eventLog));
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

  it('keeps a name that every object inherits as any other', async () => {
    const service = newService();
    const fold = { alarms: { ['__proto__']: 'OK', constructor: 'ALARM' } };
    await eventLog().writeSnapshot(service, { ...snapshot, fold });
    const read = await eventLog().readSnapshot(service);
    expect(JSON.stringify(read?.fold)).toBe(JSON.stringify(fold));
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
    const last = recordedAt(9_999_999_999_999, { service });
    await eventLog().append(last);
    expect(await collect(eventLog().read(service, null))).toEqual([last]);
    expect(await collect(eventLog().read(service, positionOf(last.event)))).toEqual([]);
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
    expect(await collect(eventLog().servicesToWake(500 as Instant))).toEqual(
      expect.arrayContaining(services),
    );
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
