import { setTimeout as delay } from 'node:timers/promises';
import { measuredEventLog } from '../metrics/measured-event-log';
import { embeddedMetrics } from '../metrics/metrics';
import { readConfig } from '../runtime/config';
import { eventLogOf } from '../runtime/functions/log-clients';
import { createLogger } from '../runtime/logger';
import { createLifecycleHook } from './lifecycle-hook';

/** Well within the time-out of the function, which ECS would take for a no. */
const patienceMilliseconds = 20_000;

const config = readConfig(process.env);
const logger = createLogger('hook');
const metrics = embeddedMetrics();
const answer = createLifecycleHook({
  eventLog: measuredEventLog(eventLogOf(config), metrics),
  policies: config.policies,
  now: config.clock,
  patience: () => delay(patienceMilliseconds, undefined, { ref: false }),
  onTrouble(error) {
    metrics.count('FailedReconciles');
    logger.error('a lifecycle hook has no answer yet', { error: error as Error });
  },
});

/** What ECS calls where a service's lifecycle hook names this function. */
export async function handler(payload: unknown) {
  const answered = await answer(payload);
  // Of the payload, what names the hook: its details are the user's, and may hold a secret.
  const { resourceArn, lifecycleStage } = Object(payload) as Readonly<Record<string, unknown>>;
  logger.info('answered', { resourceArn, lifecycleStage, hookStatus: answered.hookStatus });
  metrics.publish();
  return answered;
}
