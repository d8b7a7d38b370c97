import type { DynamoDBRecord } from 'aws-lambda';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import { earliestPosition } from '../../state-machines/log/position';
import { changeIn } from '../event-log/stream-record';
import type { Reconcile, WakeUp } from './reconcile';

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

/** So many at a time: a reconcile mostly waits for answers. */
const servicesATime = 10;

/**
 * Wakes the services, and returns the records of those that could not be reconciled. One that fails
 * keeps no other from its turn.
 */
export async function wakeAll(
  wakeUps: readonly RecordedWakeUp[],
  reconcile: Reconcile,
  onFailure: (service: ServiceArn, error: Error) => void,
): Promise<readonly string[]> {
  const left = [...wakeUps];
  const failed: string[] = [];
  const wakeOneAfterAnother = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      try {
        await reconcile(next.wakeUp);
      } catch (error) {
        onFailure(next.wakeUp.service, error as Error);
        failed.push(next.sequenceNumber);
      }
    }
  };
  await Promise.all(Array.from({ length: servicesATime }, wakeOneAfterAnother));
  return failed;
}
