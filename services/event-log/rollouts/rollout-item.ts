import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import { attribute, rolloutPrefix } from '../event-table';
import type { Item } from '../item-size';

/** Counts the shapes of these records by themselves: they are made from the log. */
const recordSchema = 1;

/**
 * The item of a rollout's record: `rollout#<startedAt, ms>#<deployment>` in the service's
 * partition, behind all events and never in a range that a fold reads.
 */
export function rolloutItemOf(service: ServiceArn, recordedAt: Instant, rollout: RolloutRecord): Item {
  const startedAt = String(rollout.startedAt).padStart(13, '0');
  return {
    [attribute.service]: service,
    [attribute.position]: `${rolloutPrefix}${startedAt}#${rollout.deployment}`,
    [attribute.type]: 'RolloutRecord',
    [attribute.recordedAt]: recordedAt,
    [attribute.schema]: recordSchema,
    [attribute.body]: deflateRawSync(JSON.stringify(rollout)),
  };
}

/** The record in an item; nothing where a newer Rewind wrote it. */
export function rolloutIn(item: Item): RolloutRecord[] {
  if (item[attribute.schema] !== recordSchema) return [];
  return [JSON.parse(inflateRawSync(item[attribute.body]).toString('utf8'))];
}
