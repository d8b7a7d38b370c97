import { measuredEventLog } from '../metrics/measured-event-log';
import { embeddedMetrics } from '../metrics/metrics';
import { readConfig } from '../runtime/config';
import { eventLogOf } from '../runtime/functions/log-clients';
import { alarmsOf, inventoriesOf } from '../runtime/functions/service-clients';
import { createLogger, logUnreadableAlarms } from '../runtime/logger';
import { discoverEverywhere } from './discover-everywhere';

const config = readConfig(process.env);
const logger = createLogger('discovery');
const metrics = embeddedMetrics();
const parts = {
  eventLog: measuredEventLog(eventLogOf(config), metrics),
  inventories: inventoriesOf(config),
  alarms: alarmsOf(config, logUnreadableAlarms(logger)),
  policies: config.policies,
  now: config.clock,
  periodSeconds: config.discoverySeconds,
  onDiscovered: (place: object, counts: object) => logger.info('discovered', { ...place, ...counts }),
  onFailure: (service: string, error: Error) => {
    logger.error('a service could not be looked at', { ecsService: service, error });
  },
};

/** The scheduled function: finds rollouts, and facts about them, that no notification reported. */
export async function handler(): Promise<void> {
  try {
    await discoverEverywhere(parts);
  } finally {
    metrics.publish();
  }
}
