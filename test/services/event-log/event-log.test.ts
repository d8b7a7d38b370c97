import { afterAll, beforeAll, describe } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import type { EventLog, HistoryLog } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { openOwnTable } from '../../fixtures/own-table';
import { eventLogContract } from './contract';
import { historyContract } from './history-contract';

describe('the event log in memory', () => {
  const eventLog = memoryEventLog();
  eventLogContract(() => eventLog);
  describe('the history', () => historyContract(() => eventLog));
});

describe('the event log in DynamoDB', () => {
  let dynamoDb: LocalTable;
  let eventLog: EventLog & HistoryLog;
  beforeAll(async () => {
    dynamoDb = await openOwnTable();
    // Pages of a few items, so that every query of the suite has several.
    eventLog = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName, pageSize: 3 });
  });
  afterAll(() => dynamoDb?.stop());
  eventLogContract(() => eventLog);
  describe('the history', () => historyContract(() => eventLog));
});
