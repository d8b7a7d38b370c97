import type { DynamoDBRecord } from 'aws-lambda';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import { earliestPosition } from '../../state-machines/log/position';
import { changeIn } from '../event-log/stream-record';
import type { WakeUp } from './reconcile';

/** A service to be woken, and the record of the table's stream to go back to if that fails. */
interface RecordedWakeUp {
  readonly wakeUp: WakeUp;
  readonly sequenceNumber: string;
}

/**
 * One wake-up a service, with the keys at which the batch changed its log, in the order of the
 * records.
 */
export function wakeUpsIn(records: readonly DynamoDBRecord[]): RecordedWakeUp[] {
  const byService = new Map<ServiceArn, RecordedWakeUp>();
  for (const { service, position, sequenceNumber } of records.map(changeIn)) {
    const known = byService.get(service);
    const changedAt = [...(known?.wakeUp.changedAt ?? []), position];
    byService.set(service, {
      wakeUp: { service, changedFrom: earliestPosition(changedAt), changedAt },
      sequenceNumber: known?.sequenceNumber ?? sequenceNumber,
    });
  }
  return [...byService.values()];
}
