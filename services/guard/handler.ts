import type { Context } from 'aws-lambda';
import { killSwitchOf, placesOf, protectionLogOf } from '../runtime/clients';
import { readConfig } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { guardedPlace } from './guard-clients';
import { keepGuard } from './run-guard';

const config = readConfig(process.env);
const logger = createLogger('guard');
const parts = {
  places: placesOf(config).all((connection) => guardedPlace(connection)),
  log: protectionLogOf(config),
  policies: config.policies,
  now: config.clock,
  actor: 'guard' as const,
  killSwitch: killSwitchOf(config),
  onGuarded: ({ service, ...guarded }: { readonly service: string }) => {
    logger.info('guarded', { ecsService: service, ...guarded });
  },
};
/** What one service may take at the end of a run, calls that wait for their turn included. */
const leastMilliseconds = 60_000;

/** Woken by the schedule, and by calls that make or change a service: sets its protection as the policy declares it. */
export async function handler(event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) {
  const hasTime = () => context.getRemainingTimeInMillis() > leastMilliseconds;
  const kept = await keepGuard({ ...parts, hasTime }, event);
  logger.info('kept guard', { ...kept });
  return kept;
}
