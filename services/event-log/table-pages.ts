import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery, paginateScan, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { eventOf, UnreadableItemError } from './event-item';
import type { RecordedEvent } from './event-log';
import { attribute, behindAllOfKey, endOfEvents, type ItemKey } from './event-table';
import type { Item } from './item-size';
import { upcasters } from './schema';

export interface TableRange {
  /** Null: every service's. */
  readonly service: ServiceArn | null;
  /** Events that took place in [since, until]; null: without that border. */
  readonly since: Instant | null;
  readonly until: Instant | null;
  /** Where an earlier reading stopped; null: from the start. */
  readonly after: ItemKey | null;
}

/** Some of a table's events, a service's together and in order. */
export interface TablePage {
  readonly events: readonly RecordedEvent[];
  /** Items that are not what the log wrote; the others are read nevertheless. */
  readonly unreadable: readonly UnreadableItemError[];
  /** Where to go on behind this page; null behind the last one. */
  readonly last: ItemKey | null;
}

export interface TableOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Items that DynamoDB looks at for a page; as many as fit in its 1 MB if left out. */
  readonly pageSize?: number;
}

const eventsInRange = '#position BETWEEN :first AND :end';
const ofService = '#service = :service';

/**
 * Reads the events of a table a page at a time, strongly consistent. What DynamoDB throws is passed
 * on, after the SDK's retries.
 */
export async function* tablePages(
  { client, table, pageSize }: TableOptions,
  range: TableRange,
): AsyncGenerator<TablePage> {
  const { service, since, until, after } = range;
  const paging = {
    client: DynamoDBDocumentClient.from(client),
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(after === null ? {} : { startingToken: { ...after } }),
  };
  const input = { TableName: table, ConsistentRead: true };
  const names = { '#position': attribute.position };
  const values = {
    ':first': since === null ? '0' : positionAt(since),
    // All positions of that instant start with it and a `#`; `$` is the character behind.
    ':end': until === null ? endOfEvents : `${positionAt(until)}$`,
  };
  const pages =
    service === null
      ? paginateScan(paging, {
          ...input,
          FilterExpression: eventsInRange,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
        })
      : paginateQuery(paging, {
          ...input,
          KeyConditionExpression: `${ofService} AND ${eventsInRange}`,
          ExpressionAttributeNames: { ...names, '#service': attribute.service },
          ExpressionAttributeValues: { ...values, ':service': service },
        });
  for await (const { Items = [], LastEvaluatedKey } of pages) yield pageOf(Items, LastEvaluatedKey);
}

function positionAt(instant: Instant): string {
  return String(instant).padStart(13, '0');
}

function pageOf(items: readonly Item[], lastKey: Item | undefined): TablePage {
  const events: RecordedEvent[] = [];
  const unreadable: UnreadableItemError[] = [];
  for (const item of items) {
    try {
      events.push(eventOf(item, upcasters));
    } catch (error) {
      if (!(error instanceof UnreadableItemError)) throw error;
      unreadable.push(error);
    }
  }
  return { events, unreadable, last: (lastKey as ItemKey | undefined) ?? null };
}

/**
 * Every key under which the table holds something, services' and others', an item read of each: a
 * scan that goes on behind all that one key has.
 */
export async function* keysOfTable({ client, table }: TableOptions): AsyncGenerator<string> {
  const documents = DynamoDBDocumentClient.from(client);
  let last: string | undefined;
  do {
    const behind = last && { [attribute.service]: last, [attribute.position]: behindAllOfKey };
    const input = { TableName: table, Limit: 1, ProjectionExpression: '#service' };
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new ScanCommand({
        ...input,
        ExpressionAttributeNames: { '#service': attribute.service },
        ...(behind ? { ExclusiveStartKey: behind } : {}),
      }),
    );
    last = Items[0]?.[attribute.service] ?? LastEvaluatedKey?.[attribute.service];
    if (last !== undefined) yield last;
  } while (last !== undefined);
}
