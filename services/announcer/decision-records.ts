import type { DynamoDBRecord } from 'aws-lambda';
import { changeIn } from '../event-log/stream-record';
import type { DecisionKey } from './read-decision';

/** A decision to be told, and the record of the table's stream to go back to if that fails. */
export interface DecisionRecord {
  readonly key: DecisionKey;
  readonly sequenceNumber: string;
}

/** The decisions of a batch, in the order in which they were recorded. */
export function decisionsAmong(records: readonly DynamoDBRecord[]): DecisionRecord[] {
  return records.map(changeIn).map(({ sequenceNumber, ...key }) => ({ key, sequenceNumber }));
}
