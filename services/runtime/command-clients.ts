import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { connectionOf, type Reach } from './reach';

/**
 * Nobody waits for a command as for a function: it slows down rather than give up where AWS
 * throttles it.
 */
const patience = { maxAttempts: 10 };

export function dynamoDbAt(reach: Reach): DynamoDBClient {
  return new DynamoDBClient({ ...patience, ...connectionOf(reach) });
}

export function cloudWatchLogsAt(reach: Reach): CloudWatchLogsClient {
  return new CloudWatchLogsClient({ ...patience, ...connectionOf(reach) });
}
