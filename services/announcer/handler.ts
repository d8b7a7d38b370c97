import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { isOfGuard } from '../event-log/protection-log';
import { eventBusOfAccount, eventLogOf, protectionLogOf, topicOf } from '../runtime/clients';
import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { createAnnouncer } from './announcer';
import { decisionsAmong } from './decision-records';
import { createProtectionAnnouncer } from './protection-announcer';

const config = readConfig(process.env);
const logger = createLogger('announcer');
const audience = { bus: eventBusOfAccount(), topic: topicOf(config) };
const tellDecision = createAnnouncer({
  ...audience,
  eventLog: eventLogOf(config),
  policies: config.policies,
});
const tellProtection = createProtectionAnnouncer({ ...audience, log: protectionLogOf(config) });

/**
 * Tells the decisions of a batch in their order, up to the first that cannot be told: the stream goes on again from there, and
 * what stands behind it must not have been told before.
 */
export async function handler(batch: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  for (const { key, sequenceNumber } of decisionsAmong(batch.Records)) {
    try {
      const detailType = await (isOfGuard(key.position) ? tellProtection(key) : tellDecision(key));
      logger.info('told', { ecsService: key.service, position: key.position, detailType });
    } catch (error) {
      const { service, position } = key;
      logger.error('a decision could not be told', { ecsService: service, position, error: error as Error });
      return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}
