import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { partsOfService, type ServiceArn } from '../../state-machines/log/identifiers';
import type { ProviderName } from '../../state-machines/log/measuring/metric-provider';
import type { Alarms } from '../aws/alarms/alarms';
import { cloudWatchAlarms, type OnUnreadable, routedAlarms } from '../aws/alarms/cloudwatch-alarms';
import { awsEcs, routedEcs } from '../aws/ecs/aws-ecs';
import type { Ecs } from '../aws/ecs/ecs';
import { ecsClient } from '../aws/ecs/ecs-client';
import { awsInventory, type Inventory } from '../aws/ecs/inventory';
import { awsEventBus, type EventBus } from '../aws/event-bus';
import { type KillSwitch, observing } from '../aws/kill-switch';
import type { MetricBackEnd } from '../aws/measurements/back-ends/back-end';
import { cloudWatchMeasurements, type MeasuringClients } from '../aws/measurements/cloudwatch-measurements';
import type { Measurements } from '../aws/measurements/measurements';
import { parameterKillSwitch } from '../aws/parameter-kill-switch';
import { awsTableStream, type TableStream } from '../aws/table-stream';
import { awsTests } from '../aws/tests/aws-tests';
import type { ReleaseTests } from '../aws/tests/release-tests';
import { awsTopic, type Topic } from '../aws/topic';
import { dynamoDbEventLog } from '../event-log/dynamodb-event-log';
import type { EventLog } from '../event-log/event-log';
import { dynamoDbProtectionLog, type ProtectionLog } from '../event-log/protection-log';
import { keysOfTable } from '../event-log/table-pages';
import { type AccountRegion, AccountRegions } from './account-regions';
import { type Config, InvalidConfigError } from './config';

/**
 * The log in its table. Region, credentials and endpoint come from the environment, as the SDK
 * reads it.
 */
export function eventLogOf({ table, observedEventsDays }: Config): EventLog {
  return dynamoDbEventLog({ client: new DynamoDBClient({}), table, observedEventsDays });
}

/** The stream of the table. */
export function tableStreamOf(): TableStream {
  return awsTableStream(new DynamoDBStreamsClient({}));
}

/** Every key under which the table holds something, services' and others'. */
export function keysOf({ table }: Pick<Config, 'table'>): AsyncIterable<string> {
  return keysOfTable({ client: new DynamoDBClient({}), table });
}

/** The guard's part of the log. */
export function protectionLogOf({ table }: Pick<Config, 'table'>): ProtectionLog {
  return dynamoDbProtectionLog({ client: new DynamoDBClient({}), table });
}

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

/** The SDK's parts that only measuring needs are loaded with the first rollout that is measured. */
export function measurementsOf(config: Config): Measurements {
  const places = accountRegionsOf(config);
  const connections = places.each((connection) => connection);
  const backEnds = places.each((connection) => ({
    connection,
    known: new Map<ProviderName, Promise<MetricBackEnd>>(),
  }));
  const made = new Map<object, MeasuringClients>();
  const clientsFor = async (service: ServiceArn) => {
    const connection = connections(service);
    const { loadBalancingAt } = await import('./load-balancing-client');
    const known = made.get(connection) ?? {
      ecs: ecsClient(connection),
      cloudWatch: new CloudWatchClient(connection),
      loadBalancing: loadBalancingAt(connection),
    };
    made.set(connection, known);
    return known;
  };
  return cloudWatchMeasurements(clientsFor, async (service, provider) => {
    const { connection, known } = backEnds(service);
    const backEnd =
      known.get(provider) ??
      import('./back-end-clients').then(({ backEndAt }) => backEndAt(connection, provider));
    known.set(provider, backEnd);
    return backEnd;
  });
}

/** What runs tests; nothing where Rewind only observes. */
export function testsOf(config: Config): ReleaseTests | null {
  if (config.mode === 'observe') return null;
  const clients = accountRegionsOf(config).each((connection) => ({
    ecs: ecsClient(connection),
    logs: async () => (await import('./container-log-clients')).cloudWatchLogsIn(connection, undefined),
    lambda: async () => {
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      return new LambdaClient({ ...connection, maxAttempts: 1 });
    },
  }));
  return awsTests(clients);
}

/**
 * Every account and region that Rewind reaches; throws InvalidConfigError where nothing tells where
 * it runs itself.
 */
export function accountRegionsOf({ home, policies, mode }: Config): AccountRegions {
  if (home === null) throw new InvalidConfigError('REWIND_ACCOUNT and AWS_REGION must say where Rewind runs');
  return new AccountRegions(home, policies.accounts, mode);
}

/** Whoever only observes has no switch, and no right to read one. */
export function killSwitchOf({ mode, killSwitch }: Config): KillSwitch {
  if (mode === 'observe') return observing;
  if (killSwitch === null)
    throw new InvalidConfigError('REWIND_KILL_SWITCH must name the parameter that stops Rewind');
  const limits = {
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  };
  return parameterKillSwitch(new SSMClient(limits), killSwitch);
}

/** By which role a service's ECS is called: its account's, where the policy file names one. */
export function callersOf({ policies, role }: Config): (service: ServiceArn) => string | null {
  return (service) => policies.accounts.get(partsOfService(service).account)?.role ?? role;
}

export function eventBusOfAccount(): EventBus {
  return awsEventBus(new EventBridgeClient({}));
}

export function topicOf({ topic }: Config): Topic | null {
  return topic === null ? null : awsTopic(new SNSClient({}), topic);
}
