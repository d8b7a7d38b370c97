import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { type AttributeValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import type { EventLog, StoredSnapshot } from '../../../services/event-log/event-log';
import { attribute, snapshotPosition } from '../../../services/event-log/event-table';
import {
  type SnapshotContent,
  snapshotContent,
  snapshotIn,
  snapshotItemOf,
} from '../../../services/event-log/snapshot';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { reducerVersion } from '../../../state-machines/log/reducer-version';
import { emptyFold } from '../../../state-machines/service/fold';
import { openOwnTable } from '../../fixtures/own-table';
import { newService } from './recorded-events';

let dynamoDb: LocalTable;
let eventLog: EventLog;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  eventLog = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
});
afterAll(() => dynamoDb?.stop());

const nextWakeAt = 1_700_000_000_000 as Instant;

function snapshotOf(service: ServiceArn, version: number, retries: number): StoredSnapshot {
  const fold: SnapshotContent = { fold: emptyFold(service), retries };
  return { version, reducerVersion, fold, nextWakeAt, watchedAlarms: ['web-5xx'] };
}

async function overwrite(service: ServiceArn, name: string, value: AttributeValue): Promise<void> {
  const command = new UpdateItemCommand({
    TableName: dynamoDb.tableName,
    Key: { [attribute.service]: { S: service }, [attribute.position]: { S: snapshotPosition } },
    UpdateExpression: 'SET #name = :value',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':value': value },
  });
  await dynamoDb.client.send(command);
}

const packed = (text: string): AttributeValue => ({ B: deflateRawSync(text) });
const damages: readonly (readonly [what: string, name: string, value: AttributeValue])[] = [
  ['whose bytes are cut', attribute.fold, { B: deflateRawSync('{"fold":{},"retries":0}').subarray(0, 9) }],
  ['whose bytes are no deflate', attribute.fold, { B: Buffer.from([1, 2, 3]) }],
  ['whose JSON is broken', attribute.fold, packed('{"fold":')],
  ['of another shape', attribute.fold, packed('{"counted":1}')],
  ['that is null', attribute.fold, packed('null')],
  ['whose fold is another shape', attribute.fold, packed('{"fold":{"state":7},"retries":0}')],
  ['whose fold is a text', attribute.fold, { S: 'x' }],
  ['of another reducer', attribute.reducerVersion, { N: '99' }],
  ['whose reducer version is a text', attribute.reducerVersion, { S: 'x' }],
];

describe('a snapshot that cannot be read', () => {
  it.each(damages)(
    '%s, is as if there were none, and the next is written over it',
    async (_, name, value) => {
      const service = newService();
      await eventLog.writeSnapshot(service, snapshotOf(service, 1, 4));
      await overwrite(service, name, value);
      const read = await eventLog.readSnapshot(service);
      expect(snapshotContent(read, service)).toEqual({ fold: emptyFold(service), retries: 0 });
      expect(await eventLog.writeSnapshot(service, snapshotOf(service, 2, 5))).toBe('written');
      expect(snapshotContent(await eventLog.readSnapshot(service), service).retries).toBe(5);
    },
  );

  it('not even by its version, is written anew', async () => {
    const service = newService();
    await eventLog.writeSnapshot(service, snapshotOf(service, 1, 4));
    await overwrite(service, attribute.version, { S: 'x' });
    expect(await eventLog.readSnapshot(service)).toBeNull();
    expect(await eventLog.writeSnapshot(service, snapshotOf(service, 1, 5))).toBe('written');
    expect(await eventLog.writeSnapshot(service, snapshotOf(service, 1, 6))).toBe('conflict');
    expect(snapshotContent(await eventLog.readSnapshot(service), service).retries).toBe(5);
  });

  it('by a single bit that means something, is as if there were none', async () => {
    const service = newService();
    const item = snapshotItemOf(service, snapshotOf(service, 1, 4));
    const whole = Buffer.from(item[attribute.fold] as Uint8Array);
    const unharmed: unknown[] = [];
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const read = snapshotIn({ ...item, [attribute.fold]: damaged });
      if (snapshotContent(read, service).retries !== 0) unharmed.push(read?.fold);
    }
    // The last bits of the last byte pad it, and mean nothing.
    expect(unharmed.length).toBeLessThan(8);
    for (const fold of unharmed) expect(fold).toEqual(snapshotIn(item)?.fold);
  });

  it('because it would be larger than an item may be, is as if there were none', async () => {
    const service = newService();
    const fold = { fold: randomBytes(450_000).toString('base64') };
    await eventLog.writeSnapshot(service, { ...snapshotOf(service, 1, 4), fold });
    const read = await eventLog.readSnapshot(service);
    expect(read).toMatchObject({ version: 1, nextWakeAt, fold: null });
  });

  it('of another service is not taken for its own', async () => {
    const [service, other] = [newService(), newService()];
    await eventLog.writeSnapshot(service, snapshotOf(other, 1, 4));
    expect(snapshotContent(await eventLog.readSnapshot(service), service).retries).toBe(0);
  });
});
