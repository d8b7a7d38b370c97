import { AccountRegions } from '../account-regions';
import { type Config, InvalidConfigError } from '../config';

/**
 * Every account and region that Rewind reaches; throws InvalidConfigError where nothing tells where
 * it runs itself.
 */
export function accountRegionsOf({ home, policies, mode }: Config): AccountRegions {
  if (home === null) throw new InvalidConfigError('REWIND_ACCOUNT and AWS_REGION must say where Rewind runs');
  return new AccountRegions(home, policies.accounts, mode);
}
