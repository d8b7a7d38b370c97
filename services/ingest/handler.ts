import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { measuredEventLog } from '../metrics/measured-event-log';
import { embeddedMetrics } from '../metrics/metrics';
import { readConfig } from '../runtime/config';
import { eventLogOf } from '../runtime/functions/log-clients';
import { createLogger } from '../runtime/logger';
import { createIngest } from './ingest';

const config = readConfig(process.env);
const logger = createLogger('ingest');
const metrics = embeddedMetrics();
const eventLog = measuredEventLog(eventLogOf(config), metrics);
const ingest = createIngest({ eventLog, policies: config.policies, now: config.clock });
const processor = new BatchProcessor(EventType.SQS);

/**
 * Messages that could not be recorded are delivered again, and at last to the dead-letter queue.
 */
export async function handler(batch: SQSEvent): Promise<SQSBatchResponse> {
  const response = await processPartialResponse(batch, record, processor, { throwOnFullBatchFailure: false });
  metrics.publish();
  return response;
}

async function record({ messageId, body }: SQSRecord): Promise<void> {
  try {
    logger.debug('ingested', { messageId, ...(await ingest(body)) });
  } catch (error) {
    logger.error('a notification could not be recorded', { messageId, error: error as Error });
    throw error;
  }
}
