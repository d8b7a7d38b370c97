import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { Alarms } from '../../aws/alarms/alarms';
import { cloudWatchAlarms, type OnUnreadable, routedAlarms } from '../../aws/alarms/cloudwatch-alarms';
import { awsEcs, routedEcs } from '../../aws/ecs/aws-ecs';
import type { Ecs } from '../../aws/ecs/ecs';
import { ecsClient } from '../../aws/ecs/ecs-client';
import { awsInventory, type Inventory } from '../../aws/ecs/inventory';
import type { AccountRegion } from '../account-regions';
import type { Config } from '../config';
import { accountRegionsOf } from './places';

/**
 * Everything that runs, in each account and region by itself: one that cannot be reached keeps no
 * other from its turn.
 */
export function inventoriesOf(
  config: Config,
): readonly { readonly place: AccountRegion; readonly part: Inventory }[] {
  return accountRegionsOf(config).all((connection) => awsInventory(ecsClient(connection)));
}

export function ecsOf(config: Config): Ecs {
  return routedEcs(accountRegionsOf(config).each((connection) => awsEcs(ecsClient(connection))));
}

export function alarmsOf(config: Config, onUnreadable: OnUnreadable = () => {}): Alarms {
  const clients = accountRegionsOf(config).each((connection) => new CloudWatchClient(connection));
  return routedAlarms((service) => cloudWatchAlarms(clients(service), onUnreadable), onUnreadable);
}

/** By which role a service's ECS is called: its account's, where the policy file names one. */
export function callersOf({ policies, role }: Config): (service: ServiceArn) => string | null {
  return (service) => policies.accounts.get(partsOfService(service).account)?.role ?? role;
}
