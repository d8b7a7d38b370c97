import { randomUUID } from 'node:crypto';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { alarmsOf, ecsOf, eventLogOf, killSwitchOf } from '../runtime/clients';
import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { createReconciler } from './reconcile';
import { sweep as sweepOnce } from './sweep';
import { wakeUpsIn } from './wake-ups';

const config = readConfig(process.env);
const logger = createLogger('reconciler');
const eventLog = eventLogOf(config);
const reconcile = createReconciler({
  eventLog,
  ecs: ecsOf(config),
  alarms: alarmsOf(config),
  policies: config.policies,
  mode: config.mode,
  killSwitch: killSwitchOf(config),
  now: config.clock,
  newOwner: randomUUID,
  jitter: Math.random,
  report: ({ service, ...report }) => logger.info('reconciled', { ecsService: service, ...report }),
});

/** Wakes the services of a batch. One that fails is named by its first record, from which the stream goes on again. */
export async function handler(batch: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const batchItemFailures = [];
  for (const { wakeUp, sequenceNumber } of wakeUpsIn(batch.Records)) {
    try {
      await reconcile(wakeUp);
    } catch (error) {
      logFailure(wakeUp.service, error as Error);
      batchItemFailures.push({ itemIdentifier: sequenceNumber });
    }
  }
  return { batchItemFailures };
}

/** The scheduled function: wakes the services whose time has come. */
export function sweep() {
  return sweepOnce({ eventLog, reconcile, now: config.clock, onFailure: logFailure });
}

function logFailure(service: string, error: Error): void {
  logger.error('a service could not be reconciled', { ecsService: service, error });
}
