import { alarmsOf, eventLogOf, inventoriesOf } from '../runtime/clients';
import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { discoverEverywhere } from './discover-everywhere';

const config = readConfig(process.env);
const logger = createLogger('discovery');
const parts = {
  eventLog: eventLogOf(config),
  inventories: inventoriesOf(config),
  alarms: alarmsOf(config),
  policies: config.policies,
  now: config.clock,
  periodSeconds: config.discoverySeconds,
  onDiscovered: (place: object, discovered: object) => logger.info('discovered', { ...place, ...discovered }),
  onFailure: (service: string, error: Error) => {
    logger.error('a service could not be looked at', { ecsService: service, error });
  },
};

/** The scheduled function: finds rollouts, and facts of rollouts, of which no notification arrived. */
export function handler(): Promise<void> {
  return discoverEverywhere(parts);
}
