import type { DynamoDBRecord } from 'aws-lambda';
import type { ServiceArn } from '../../state-machines/identifiers';
import { invariant } from '../../state-machines/invariant';
import type { Position } from '../../state-machines/position';
import { attribute } from '../event-log/event-table';
import type { WakeUp } from './reconcile';

/** A service to be woken, and the record of the table's stream to go back to if that fails. */
export interface RecordedWakeUp {
  readonly wakeUp: WakeUp;
  readonly sequenceNumber: string;
}

/** One wake-up a service, from the first position at which the batch changed its log, in the order of the records. */
export function wakeUpsIn(records: readonly DynamoDBRecord[]): RecordedWakeUp[] {
  const byService = new Map<ServiceArn, RecordedWakeUp>();
  for (const { dynamodb } of records) {
    const service = dynamodb?.Keys?.[attribute.service]?.S as ServiceArn | undefined;
    const position = dynamodb?.Keys?.[attribute.position]?.S as Position | undefined;
    const sequenceNumber = dynamodb?.SequenceNumber;
    invariant(
      service !== undefined && position !== undefined && sequenceNumber !== undefined,
      'a record of the table stream has keys and a sequence number',
    );
    const known = byService.get(service);
    const changedFrom = earlier(known?.wakeUp.changedFrom ?? position, position);
    byService.set(service, {
      wakeUp: { service, changedFrom },
      sequenceNumber: known?.sequenceNumber ?? sequenceNumber,
    });
  }
  return [...byService.values()];
}

function earlier(a: Position, b: Position): Position {
  return a < b ? a : b;
}
