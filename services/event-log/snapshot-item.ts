import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { StoredSnapshot } from './event-log';
import { attribute, liveValue, snapshotPosition } from './event-table';
import type { Item } from './item-size';

/** The item of a service's snapshot; it is in the index of live services only while it wants to be woken. */
export function snapshotItemOf(service: ServiceArn, snapshot: StoredSnapshot): Item {
  const item: Item = {
    [attribute.service]: service,
    [attribute.position]: snapshotPosition,
    [attribute.version]: snapshot.version,
    [attribute.reducerVersion]: snapshot.reducerVersion,
    [attribute.fold]: deflateRawSync(JSON.stringify(snapshot.fold)),
    [attribute.watchedAlarms]: [...snapshot.watchedAlarms],
  };
  if (snapshot.nextWakeAt === null) return item;
  return { ...item, [attribute.nextWakeAt]: snapshot.nextWakeAt, [attribute.live]: liveValue };
}

/** The snapshot as it was written. */
export function snapshotOf(item: Item): StoredSnapshot {
  return {
    version: item[attribute.version],
    reducerVersion: item[attribute.reducerVersion],
    fold: JSON.parse(inflateRawSync(item[attribute.fold]).toString('utf8')),
    nextWakeAt: item[attribute.nextWakeAt] ?? null,
    watchedAlarms: item[attribute.watchedAlarms],
  };
}
