import * as z from 'zod/mini';
import { type Instant, instantFrom } from '../../state-machines/log/instant';
import type { StreamRange } from '../aws/table-stream';

/** A batch of wake-ups that was given up: where it stands in the table's stream, and from when. */
export interface GivenUpBatch extends StreamRange {
  readonly arrivedAt: Instant;
}

/**
 * What Lambda sends when it gives up a batch of a stream of DynamoDB:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const messageSchema = z.object({
  DDBStreamBatchInfo: z.object({
    streamArn: z.string().check(z.minLength(1)),
    shardId: z.string().check(z.minLength(1)),
    startSequenceNumber: z.string().check(z.regex(/^\d+$/)),
    endSequenceNumber: z.string().check(z.regex(/^\d+$/)),
    approximateArrivalOfFirstRecord: z.iso.datetime({ offset: true }),
  }),
});

/** Reads a message of the queue of given-up wake-ups; throws for one that Lambda did not write. */
export function parseGivenUpBatch(message: string): GivenUpBatch {
  const { DDBStreamBatchInfo: batch } = messageSchema.parse(JSON.parse(message));
  const { approximateArrivalOfFirstRecord, ...range } = batch;
  return { ...range, arrivedAt: instantFrom(Date.parse(approximateArrivalOfFirstRecord)) };
}
