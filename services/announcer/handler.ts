import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { isOfGuard } from '../event-log/protection-log';
import { changeIn } from '../event-log/stream-record';
import { readConfig } from '../runtime/config';
import { eventLogOf, protectionLogOf } from '../runtime/functions/log-clients';
import { eventBusOfAccount, topicOf } from '../runtime/functions/telling-clients';
import { createLogger } from '../runtime/logger';
import { createAnnouncer } from './announcer';
import { createProtectionAnnouncer } from './protection-announcer';

const config = readConfig(process.env);
const logger = createLogger('announcer');
const channels = { bus: eventBusOfAccount(), topic: topicOf(config) };
const announceDecision = createAnnouncer({
  ...channels,
  eventLog: eventLogOf(config),
  policies: config.policies,
});
const announceProtection = createProtectionAnnouncer({ ...channels, log: protectionLogOf(config) });

/**
 * Announces the decisions of a batch in their order, up to the first that fails. The stream goes on
 * from there, so what stands behind it must not be announced yet.
 */
export async function handler(batch: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  for (const { sequenceNumber, ...key } of batch.Records.map(changeIn)) {
    const { service, position } = key;
    try {
      const detailType = await (isOfGuard(position) ? announceProtection(key) : announceDecision(key));
      logger.info('told', { ecsService: service, position, detailType });
    } catch (error) {
      logger.error('a decision could not be told', { ecsService: service, position, error: error as Error });
      return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}
