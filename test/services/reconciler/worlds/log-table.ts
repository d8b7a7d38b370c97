import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { eventLogTable } from '../../../../infra/local/aws/declared/table-definition';
import type { LocalDynamoDb } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import type { EventLog } from '../../../../services/event-log/event-log';

let tables = 0;

/** An empty event log in a table of its own. */
export async function emptyLog({ client }: LocalDynamoDb): Promise<EventLog> {
  tables += 1;
  const table = `event-log-${tables}`;
  await client.send(new CreateTableCommand(eventLogTable(table)));
  return dynamoDbEventLog({ client, table });
}
