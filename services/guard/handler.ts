import type { Context } from 'aws-lambda';
import { readConfig } from '../runtime/config';
import { killSwitchOf } from '../runtime/functions/kill-switch-clients';
import { protectionLogOf } from '../runtime/functions/log-clients';
import { accountRegionsOf } from '../runtime/functions/places';
import { createLogger } from '../runtime/logger';
import { guardClients } from './guard-clients';
import { runGuard } from './run-guard';

const config = readConfig(process.env);
const logger = createLogger('guard');
const parts = {
  places: accountRegionsOf(config).all((connection) => guardClients(connection)),
  log: protectionLogOf(config),
  policies: config.policies,
  now: config.clock,
  actor: 'guard' as const,
  killSwitch: killSwitchOf(config),
  onGuarded: ({ service, ...guarded }: { readonly service: string }) => {
    logger.info('guarded', { ecsService: service, ...guarded });
  },
};
/**
 * The time that one service may take at the end of a run, waiting for AWS's rate limits included.
 */
const leastMilliseconds = 60_000;

/**
 * Sets the protection of services as the policy declares it. The schedule wakes it, and each call
 * that makes or changes a service.
 */
export async function handler(event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) {
  const hasTime = () => context.getRemainingTimeInMillis() > leastMilliseconds;
  const counts = await runGuard({ ...parts, hasTime }, event);
  logger.info('kept guard', { ...counts });
  return counts;
}
