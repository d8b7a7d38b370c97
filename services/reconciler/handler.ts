import { randomUUID } from 'node:crypto';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { measuredEventLog } from '../metrics/measured-event-log';
import { embeddedMetrics } from '../metrics/metrics';
import { readConfig } from '../runtime/config';
import { killSwitchOf } from '../runtime/functions/kill-switch-clients';
import { eventLogOf } from '../runtime/functions/log-clients';
import { measurementsOf, testsOf } from '../runtime/functions/rare-parts';
import { alarmsOf, callersOf, ecsOf } from '../runtime/functions/service-clients';
import { createLogger, logUnreadableAlarms } from '../runtime/logger';
import { countOverdue } from './overdue';
import { createReconciler } from './reconcile';
import { isUnansweredForLong, type ReconcileReport } from './reconcile-report';
import { sweep as sweepOnce } from './sweep';
import { wakeAll, wakeUpsIn } from './wake-ups';

const config = readConfig(process.env);
const tests = testsOf(config);
const logger = createLogger('reconciler');
const metrics = embeddedMetrics();
const eventLog = measuredEventLog(eventLogOf(config), metrics);
const reconcile = createReconciler({
  eventLog,
  ecs: ecsOf(config),
  alarms: alarmsOf(config, logUnreadableAlarms(logger)),
  measurements: measurementsOf(config),
  ...(tests === null ? {} : { tests }),
  policies: config.policies,
  mode: config.mode,
  killSwitch: killSwitchOf(config),
  now: config.clock,
  newOwner: randomUUID,
  callerFor: callersOf(config),
  jitter: Math.random,
  report: logReconcile,
});

/**
 * Wakes the services of a batch. One that fails is named by its first record, from which the stream
 * goes on again.
 */
export async function handler(batch: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failed = await wakeAll(wakeUpsIn(batch.Records), reconcile, logFailure);
  metrics.publish();
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** The scheduled function: wakes the services whose time has come. */
export async function sweep() {
  metrics.count('OverdueServices', await countOverdue(eventLog, config.clock()));
  const swept = await sweepOnce({ eventLog, reconcile, now: config.clock, onFailure: logFailure });
  metrics.publish();
  return swept;
}

function logReconcile({ service, ...report }: ReconcileReport): void {
  const line = { ecsService: service, ...report };
  if (report.isAtStandstill) logger.error('a service is at a standstill', line);
  else if (report.isFaulty) logger.error('Rewind itself failed to ask AWS', line);
  else logger.info('reconciled', line);
  for (const problem of report.policyProblems) logger.warn(problem, { ecsService: service });
  if (report.isAtStandstill) metrics.count('Standstills');
  if (report.isHeld) metrics.count('RollbacksHeld');
  if (report.isFaulty) metrics.count('FailedReconciles');
  if (isUnansweredForLong({ service, ...report }, config.clock())) metrics.count('UnansweredServices');
}

function logFailure(service: string, error: Error): void {
  logger.error('a service could not be reconciled', { ecsService: service, error });
  metrics.count('FailedReconciles');
}
