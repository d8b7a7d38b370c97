import type { DynamoDBRecord } from 'aws-lambda';
import type { ServiceArn } from '../../state-machines/identifiers';
import { invariant } from '../../state-machines/invariant';
import type { Position } from '../../state-machines/position';
import { attribute } from '../event-log/event-table';
import type { DecisionKey } from './read-decision';

/** A decision to be told, and the record of the table's stream to go back to if that fails. */
export interface DecisionRecord {
  readonly key: DecisionKey;
  readonly sequenceNumber: string;
}

/** The decisions of a batch, in the order in which they were recorded. */
export function decisionsAmong(records: readonly DynamoDBRecord[]): DecisionRecord[] {
  return records.map(({ dynamodb }) => {
    const service = dynamodb?.Keys?.[attribute.service]?.S as ServiceArn | undefined;
    const position = dynamodb?.Keys?.[attribute.position]?.S as Position | undefined;
    const sequenceNumber = dynamodb?.SequenceNumber;
    invariant(
      service !== undefined && position !== undefined && sequenceNumber !== undefined,
      'a record of the table stream has keys and a sequence number',
    );
    return { key: { service, position }, sequenceNumber };
  });
}
