import { alarmsOfAccount, eventLogOf, inventoryOfAccount } from '../runtime/clients';
import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { discover } from './discover';

const config = readConfig(process.env);
const logger = createLogger('discovery');
const parts = {
  eventLog: eventLogOf(config),
  inventory: inventoryOfAccount(),
  alarms: alarmsOfAccount(),
  policies: config.policies,
  now: config.clock,
  periodSeconds: config.discoverySeconds,
  onFailure: (service: string, error: Error) => {
    logger.error('a service could not be looked at', { ecsService: service, error });
  },
};

/** The scheduled function: finds rollouts, and facts of rollouts, of which no notification arrived. */
export async function handler() {
  const discovered = await discover(parts);
  logger.info('discovered', { ...discovered });
  return discovered;
}
