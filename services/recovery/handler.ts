import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { embeddedMetrics } from '../metrics/metrics';
import { readConfig } from '../runtime/config';
import { eventLogOf, keysOf } from '../runtime/functions/log-clients';
import { tableStreamOf } from '../runtime/functions/stream-clients';
import { createLogger } from '../runtime/logger';
import { createRecovery } from './recover';

const config = readConfig(process.env);
const logger = createLogger('recovery');
const metrics = embeddedMetrics();
const recover = createRecovery({
  eventLog: eventLogOf(config),
  tableStream: tableStreamOf(),
  keysOfTable: () => keysOf(config),
  now: config.clock,
});
const processor = new BatchProcessor(EventType.SQS);

/** Wake-ups that could not be recovered stay in their queue, and are tried again. */
export async function handler(batch: SQSEvent): Promise<SQSBatchResponse> {
  const response = await processPartialResponse(batch, record, processor, { throwOnFullBatchFailure: false });
  metrics.publish();
  return response;
}

async function record({ messageId, body }: SQSRecord): Promise<void> {
  metrics.count('WakeUpsGivenUp');
  try {
    const recovery = await recover(body);
    const line = { messageId, ...recovery };
    if (recovery.isTrimmed)
      logger.error('the stream has forgotten given-up wake-ups: all services are woken', line);
    else logger.warn('services are woken whose wake-ups were given up', line);
  } catch (error) {
    logger.error('wake-ups that were given up could not be recovered', { messageId, error: error as Error });
    throw error;
  }
}
