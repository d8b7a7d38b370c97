import type { DynamoDBRecord } from 'aws-lambda';
import { invariant } from '../../state-machines/log/foundation/invariant';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Position } from '../../state-machines/log/position';
import { attribute } from './event-table';

/**
 * A change of the log, as the table's stream tells it: which event, and the number to go back to in
 * the stream.
 */
interface LogChange {
  readonly service: ServiceArn;
  readonly position: Position;
  readonly sequenceNumber: string;
}

/** Reads a record of the table's stream, of which the keys are all that it carries. */
export function changeIn({ dynamodb }: DynamoDBRecord): LogChange {
  const service = dynamodb?.Keys?.[attribute.service]?.S as ServiceArn | undefined;
  const position = dynamodb?.Keys?.[attribute.position]?.S as Position | undefined;
  const sequenceNumber = dynamodb?.SequenceNumber;
  invariant(
    service !== undefined && position !== undefined && sequenceNumber !== undefined,
    'a record of the table stream has keys and a sequence number',
  );
  return { service, position, sequenceNumber };
}
