import { formatInstant, type Instant } from '../../../state-machines/log/instant';

/**
 * As Lambda sends it when it gives up a batch of a stream:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function givenUpMessage(batch: object = {}, arrivedAt: Instant = 0 as Instant): string {
  return JSON.stringify({
    requestContext: {
      requestId: '316aa6d0-8154-xmpl-9af7-85d5f4a6bc81',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:rewind-dev-reconciler',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 6,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-01-01T00:00:00.000Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-00000001573689847184-864758bb',
      startSequenceNumber: '800000000003126276362',
      endSequenceNumber: '800000000003126276362',
      approximateArrivalOfFirstRecord: formatInstant(arrivedAt),
      approximateArrivalOfLastRecord: formatInstant(arrivedAt),
      batchSize: 1,
      streamArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/event-log/stream/2026-01-01T00:00:00.000',
      ...batch,
    },
  });
}
