import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Alarms } from '../alarms/alarms';
import { cloudWatchAlarms } from '../alarms/cloudwatch-alarms';
import { awsEventBus, type EventBus } from '../channels/event-bus';
import { awsTopic, type Topic } from '../channels/topic';
import { awsEcs } from '../ecs/aws-ecs';
import type { Ecs } from '../ecs/ecs';
import { ecsClient } from '../ecs/ecs-client';
import { awsInventory, type Inventory } from '../ecs/inventory';
import { dynamoDbEventLog } from '../event-log/dynamodb-event-log';
import type { EventLog } from '../event-log/event-log';
import type { Config } from './config';

/** The log in its table. Region, credentials and endpoint come from the environment, as the SDK reads it. */
export function eventLogOf({ table }: Config): EventLog {
  return dynamoDbEventLog({ client: new DynamoDBClient({}), table });
}

/** Everything that runs in the account and region. */
export function inventoryOfAccount(): Inventory {
  return awsInventory(ecsClient());
}

export function ecsOfAccount(): Ecs {
  return awsEcs(ecsClient());
}

export function alarmsOfAccount(): Alarms {
  return cloudWatchAlarms(new CloudWatchClient({}));
}

export function eventBusOfAccount(): EventBus {
  return awsEventBus(new EventBridgeClient({}));
}

export function topicOf({ topic }: Config): Topic | null {
  return topic === null ? null : awsTopic(new SNSClient({}), topic);
}
