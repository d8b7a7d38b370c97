import type { ServiceArn } from '../../state-machines/log/identifiers';
import { comparePlaces, type Position, positionOf } from '../../state-machines/log/position';
import type { RolloutRecord } from '../../state-machines/service/history/rollout-record';
import { withDigest } from './digest';
import { sortableKey, storableKey } from './event-item';
import {
  alarmChangesAtMost,
  type EventLog,
  type HistoryLog,
  type PlaceLook,
  type RecordedAlarmChange,
  type RecordedEvent,
  type StoredSnapshot,
} from './event-log';

/**
 * The event log of one process, for replay and tests. It keeps the events that it is given and
 * hands out the snapshots that it keeps, so neither must be changed afterwards.
 */
export function memoryEventLog(): EventLog & HistoryLog {
  const streams = new Map<ServiceArn, MemoryStream>();
  const snapshots = new Map<ServiceArn, StoredSnapshot>();
  const copies = new StoredCopies();
  const looks = new Map<string, PlaceLook>();

  return {
    async append(recorded) {
      const position = storableKey(recorded.event);
      const stream = streams.get(recorded.event.service) ?? new MemoryStream();
      streams.set(recorded.event.service, stream);
      const { rollout, ...kept } = recorded;
      const result = stream.append(position, withDigest(kept));
      if (result === 'appended' && rollout !== undefined) stream.conclude(rollout);
      return result;
    },
    async *read(service, after) {
      yield* streams.get(service)?.readBehind(after) ?? [];
    },
    async readAt(service, keys) {
      const stream = streams.get(service);
      return keys.flatMap((key) => stream?.at(key) ?? []);
    },
    async rollouts(service, atMost) {
      return streams.get(service)?.newestRollouts(atMost) ?? [];
    },
    async newest(service, atMost) {
      const all = streams.get(service)?.readBehind(null) ?? [];
      return all.slice(-atMost).reverse();
    },
    async readSnapshot(service) {
      return snapshots.get(service) ?? null;
    },
    async writeSnapshot(service, snapshot) {
      const previous = snapshots.get(service)?.version ?? 0;
      if (snapshot.version !== previous + 1) return 'conflict';
      snapshots.set(service, copies.of(snapshot));
      return 'written';
    },
    async *servicesToWake(now) {
      for (const [service, { nextWakeAt }] of snapshots) {
        if (nextWakeAt !== null && nextWakeAt <= now) yield service;
      }
    },
    async *servicesWatching(alarm) {
      for (const [service, { nextWakeAt, watchedAlarms }] of snapshots) {
        const watches = watchedAlarms.includes(alarm.arn) || watchedAlarms.includes(alarm.name);
        if (nextWakeAt !== null && watches) yield service;
      }
    },
    ...memoryAlarmStreams(),
    async lastLook({ account, region }) {
      return looks.get(`${account} ${region}`) ?? null;
    },
    async keepLook({ account, region }, look) {
      looks.set(`${account} ${region}`, look);
    },
  };
}

function memoryAlarmStreams(): Pick<EventLog, 'appendAlarmChange' | 'alarmChanges'> {
  const alarms = new Map<string, Map<Position, RecordedAlarmChange>>();
  return {
    async appendAlarmChange(recorded) {
      const { change } = recorded;
      const changes = alarms.get(change.alarm) ?? new Map<Position, RecordedAlarmChange>();
      alarms.set(change.alarm, changes);
      const position = sortableKey(positionOf(change), change);
      if (!changes.has(position)) changes.set(position, recorded);
    },
    async alarmChanges(alarm, since) {
      const changes = [...(alarms.get(alarm)?.values() ?? [])];
      const wanted = changes.filter(({ change }) => change.occurredAt >= since);
      return wanted.sort((a, b) => comparePlaces(a.change, b.change)).slice(-alarmChangesAtMost);
    },
  };
}

/**
 * Copies that hold what JSON holds, as in a table. A value that was copied before, or is a copy, is
 * not copied again: from one snapshot of a service to the next most stays as it was.
 */
class StoredCopies {
  readonly #copies = new WeakMap<object, object>();

  of<Value>(value: Value): Value;
  of(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    const copy = Array.isArray(value) ? value.map((one) => this.of(one)) : this.#membersOf(value);
    this.#copies.set(value, copy);
    this.#copies.set(copy, copy);
    return copy;
  }

  #membersOf(value: object): object {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, this.of(member)]));
  }
}

class MemoryStream {
  readonly #events = new Map<Position, RecordedEvent>();
  readonly #rollouts: RolloutRecord[] = [];
  /** In order, as soon as somebody reads them: that keeps a long run of appends linear. */
  readonly #positions: Position[] = [];
  #isInOrder = true;

  append(position: Position, recorded: RecordedEvent): 'appended' | 'duplicate' {
    if (this.#events.has(position)) return 'duplicate';
    this.#events.set(position, recorded);
    const last = this.#positions.at(-1);
    if (last !== undefined && position < last) this.#isInOrder = false;
    this.#positions.push(position);
    return 'appended';
  }

  conclude(rollout: RolloutRecord): void {
    this.#rollouts.push(rollout);
  }

  newestRollouts(atMost: number): RolloutRecord[] {
    return this.#rollouts.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, atMost);
  }

  at(key: Position): RecordedEvent | undefined {
    return this.#events.get(key);
  }

  readBehind(after: Position | null): RecordedEvent[] {
    // Code units sort as DynamoDB's bytes do, for all text but that outside the Basic Multilingual
    // Plane.
    if (!this.#isInOrder) this.#positions.sort();
    this.#isInOrder = true;
    return this.#positions.slice(this.#firstBehind(after)).flatMap((position) => this.at(position) ?? []);
  }

  #firstBehind(after: Position | null): number {
    if (after === null) return 0;
    let [low, high] = [0, this.#positions.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const position = this.#positions[middle];
      if (position !== undefined && position > after) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
