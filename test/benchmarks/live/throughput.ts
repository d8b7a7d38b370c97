import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Notification } from '../../../infra/ecs-simulator/src/ecs-simulator';
import { openEventLogTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { loadFunction } from '../../../infra/local/aws/functions/function-host';
import { withOutputTo } from '../../../infra/local/aws/functions/function-output';
import { itemOf } from '../../../services/event-log/event-item';
import { translate } from '../../../services/notifications/translate';
import { instantFrom } from '../../../state-machines/log/instant';

const rounds = 5;
const batchSize = 10;
const batchesAtOnce = 4;

/** Notifications a second that ingest records, and raw conditional writes of the same items. */
interface Throughput {
  readonly ingest: number;
  readonly raw: number;
}

/**
 * Takes turns, so that what else the machine does falls on both; the median of the rounds. Each has
 * a table of its own that nobody listens to.
 */
export async function throughputOf(endpoint: string, reports: () => Notification[]): Promise<Throughput> {
  const own = await openEventLogTable(endpoint, 'throughput-of-ingest');
  const other = await openEventLogTable(endpoint, 'throughput-raw');
  const deployed = process.env.REWIND_TABLE ?? '';
  const environment = { REWIND_TABLE: own.tableName };
  const ingest = await withOutputTo(new PassThrough().resume(), () =>
    loadFunction({ name: 'ingest', environment }),
  );
  process.env.REWIND_TABLE = deployed;
  const raw = DynamoDBDocumentClient.from(other.client);
  const rates = { ingest: [] as number[], raw: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const bodies = reports().map((report) => JSON.stringify(report));
    const items = bodies.map(itemIn);
    const ingested = await rateOf(batchesOf(bodies), (batch) =>
      recorded(ingest.invoke({ Records: batch.map(recordOf) })),
    );
    const written = await rateOf(batchesOf(items), (batch) =>
      Promise.all(batch.map((item) => raw.send(new PutCommand(newItem(other.tableName, item))))),
    );
    rates.ingest.push(ingested);
    rates.raw.push(written);
  }
  await Promise.all([ingest.stop(), own.stop(), other.stop()]);
  return { ingest: middle(rates.ingest), raw: middle(rates.raw) };
}

async function rateOf<One>(
  batches: readonly One[][],
  take: (batch: One[]) => Promise<unknown>,
): Promise<number> {
  const left = [...batches];
  const startedAt = performance.now();
  const work = async () => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) await take(batch);
  };
  await Promise.all(Array.from({ length: batchesAtOnce }, work));
  return (1000 * batches.flat().length) / (performance.now() - startedAt);
}

async function recorded(answer: Promise<SQSBatchResponse>): Promise<void> {
  const { batchItemFailures } = await answer;
  if (batchItemFailures.length > 0) throw new Error('a notification was not recorded');
}

function batchesOf<One>(all: readonly One[]): One[][] {
  return Array.from({ length: Math.ceil(all.length / batchSize) }, (_, index) =>
    all.slice(index * batchSize, (index + 1) * batchSize),
  );
}

function recordOf(body: string): Pick<SQSRecord, 'messageId' | 'body'> {
  return { messageId: randomUUID(), body };
}

function itemIn(notification: string) {
  const translation = translate(JSON.parse(notification));
  if (translation.kind !== 'event') throw new Error('a report of a task is an event');
  return itemOf({ event: translation.event, recordedAt: instantFrom(Date.now()), notification });
}

function newItem(table: string, item: ReturnType<typeof itemOf>) {
  return {
    TableName: table,
    Item: item,
    ConditionExpression: 'attribute_not_exists(#position)',
    ExpressionAttributeNames: { '#position': 'position' },
  };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
