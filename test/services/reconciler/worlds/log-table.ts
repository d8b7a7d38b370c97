import { randomUUID } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { eventLogTable } from '../../../../infra/local/aws/declared/table-definition';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import type { EventLog } from '../../../../services/event-log/event-log';

/** An empty event log in a table of its own. */
export async function emptyLog({ client }: LocalTable): Promise<EventLog> {
  const table = `event-log-${randomUUID()}`;
  await client.send(new CreateTableCommand(eventLogTable(table)));
  return dynamoDbEventLog({ client, table });
}
