import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import recorded from '../../../../infra/docs/measured-work.json' with { type: 'json' };
import { type MeasuredWork, measureWork } from '../../../../infra/docs/units/measured-work';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { metered } from '../../../../infra/local/aws/dynamodb/metered-dynamodb';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import { openOwnTable } from '../../../fixtures/own-table';
import { recordedTask } from '../../../services/event-log/recorded-events';

let dynamoDb: LocalTable;
let measured: MeasuredWork;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  measured = await measureWork(dynamoDb.client);
});
afterAll(() => dynamoDb?.stop());

describe('what DynamoDB charges', () => {
  it('is one write unit and one request for a typical task notification, as Fargate sends it (I7)', async () => {
    const meter = metered(dynamoDb.client);
    const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
    for (const lastStatus of ['RUNNING', 'STOPPED'] as const) {
      expect(await log.append(recordedTask(lastStatus))).toBe('appended');
      expect(meter.take()).toEqual({ requests: 1, readUnits: 0, writeUnits: 1 });
    }
    expect(await log.append(recordedTask('STOPPED'))).toBe('duplicate');
    expect(meter.take()).toEqual({ requests: 1, readUnits: 0, writeUnits: 1 });
  });

  it('is one write unit for a notification of the simulated ECS, and nothing is read before it is written', () => {
    expect(measured.notification.dynamoDb).toEqual({ requests: 1, readUnits: 0, writeUnits: 1 });
    expect(measured.notification.notificationBytes).toBeGreaterThan(2_000);
  });
});

describe('the work that docs/scale.md is computed from', () => {
  it.each(Object.keys(recorded) as (keyof MeasuredWork)[])('is what is measured now: %s', (kind) => {
    const { dynamoDb: now, ...countsNow } = measured[kind];
    const { dynamoDb: then, ...countsThen } = recorded[kind];
    const stale = 'stale: run `npm run bench:units -- --write && npm run docs`';
    expect({ ...countsNow, requests: now.requests }, stale).toEqual({
      ...countsThen,
      requests: then.requests,
    });
    // Items are compressed, and another version of zlib may do that a little better or worse.
    expect(Math.abs(now.writeUnits - then.writeUnits), stale).toBeLessThanOrEqual(then.writeUnits / 20);
    expect(Math.abs(now.readUnits - then.readUnits), stale).toBeLessThanOrEqual(then.readUnits / 20);
  });
});
