import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbEventLog } from '../../event-log/dynamodb-event-log';
import type { EventLog } from '../../event-log/event-log';
import { dynamoDbProtectionLog, type ProtectionLog } from '../../event-log/protection-log';
import { keysOfTable } from '../../event-log/table-pages';
import type { Config } from '../config';

/**
 * The log in its table. Region, credentials and endpoint come from the environment, as the SDK
 * reads it.
 */
export function eventLogOf({ table, observedEventsDays }: Config): EventLog {
  return dynamoDbEventLog({ client: new DynamoDBClient({}), table, observedEventsDays });
}

/** Every key under which the table holds something, services' and others'. */
export function keysOf({ table }: Pick<Config, 'table'>): AsyncIterable<string> {
  return keysOfTable({ client: new DynamoDBClient({}), table });
}

/** The guard's part of the log. */
export function protectionLogOf({ table }: Pick<Config, 'table'>): ProtectionLog {
  return dynamoDbProtectionLog({ client: new DynamoDBClient({}), table });
}
