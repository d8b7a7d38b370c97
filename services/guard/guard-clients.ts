import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ecsClient } from '../aws/ecs/ecs-client';
import { awsInventory, type Inventory } from '../aws/ecs/inventory';
import { awsServiceProtections, type ServiceProtections } from '../aws/ecs/service-protections';
import { awsTargetGroups, type TargetGroups } from '../aws/target-groups';
import type { Connection } from '../runtime/account-regions';
import { type WaitingClock, waitingSystemClock } from '../runtime/clock';
import { RequestPace } from '../runtime/request-pace';
import { cloudWatchPresetAlarms, type PresetAlarms } from './preset-alarms';

/** What the guard sees and changes in one account and region. */
export interface GuardClients {
  readonly inventory: Pick<Inventory, 'services'>;
  readonly protections: ServiceProtections;
  readonly targetGroups: TargetGroups;
  readonly alarms: PresetAlarms;
}

/** The clients of one connection, at the guard's own pace. Without one, the environment decides. */
export function guardClients(
  connection: Connection = {},
  clock: WaitingClock = waitingSystemClock,
): GuardClients {
  const { middleware } = new RequestPace(clock);
  const first = { step: 'initialize', name: 'rewindRequestPace' } as const;
  const ecs = ecsClient(connection);
  ecs.middlewareStack.add(middleware, first);
  const loadBalancing = new ElasticLoadBalancingV2Client(connection);
  loadBalancing.middlewareStack.add(middleware, first);
  const cloudWatch = new CloudWatchClient(connection);
  cloudWatch.middlewareStack.add(middleware, first);
  return {
    inventory: awsInventory(ecs),
    protections: awsServiceProtections(ecs),
    targetGroups: awsTargetGroups(loadBalancing),
    alarms: cloudWatchPresetAlarms(cloudWatch),
  };
}
