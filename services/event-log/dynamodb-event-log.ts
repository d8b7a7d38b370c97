import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { type Position, positionFrom } from '../../state-machines/log/position';
import { withDigest } from './digest';
import {
  alarmChangeOf,
  alarmItemOf,
  alarmPrefix,
  alarmStreamOf,
  eventOf,
  itemOf,
  type Retention,
} from './event-item';
import { alarmChangesAtMost, type EventLog, type StoredSnapshot } from './event-log';
import { attribute, endOfEvents, liveServicesIndex, liveValue, snapshotPosition } from './event-table';
import type { Item } from './item-size';
import { type Upcasters, upcasters } from './schema';
import { snapshotIn, snapshotItemOf } from './snapshot';

const eventIsNew = 'attribute_not_exists(#position)';
/** Also over a snapshot whose version cannot be read. */
const snapshotIsFirst = 'attribute_not_exists(#position) OR NOT attribute_type(#version, :number)';
const snapshotIsAsRead = '#version = :previous';
const eventsInRange = '#service = :service AND #position BETWEEN :first AND :end';
const isLive = '#live = :live';
const wakeHasCome = '#nextWakeAt <= :now';
const watchesTheAlarm = 'contains(#watchedAlarms, :arn) OR contains(#watchedAlarms, :name)';

interface DynamoDbEventLogOptions extends Retention {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** For stored events of older schemas; those of the log itself unless a test brings its own. */
  readonly upcasters?: Upcasters;
  /** Items in a page of a query; as many as fit in DynamoDB's 1 MB if left out. */
  readonly pageSize?: number;
}

/**
 * The event log in a DynamoDB table as infra/table.yml defines it. What DynamoDB throws is passed
 * on, after the SDK's retries.
 */
export function dynamoDbEventLog(options: DynamoDbEventLogOptions): EventLog {
  const table = new EventTable(options);
  return {
    async append(recorded) {
      const written = await table.put(itemOf(withDigest(recorded), options), {
        ConditionExpression: eventIsNew,
        ExpressionAttributeNames: { '#position': attribute.position },
      });
      return written ? 'appended' : 'duplicate';
    },
    async *read(service, after) {
      for await (const item of table.query(eventsQuery(service, after))) {
        yield eventOf(item, options.upcasters ?? upcasters);
      }
    },
    async readAt(service, keys) {
      const items = await Promise.all(
        keys.map((position) => table.get({ [attribute.service]: service, [attribute.position]: position })),
      );
      return items.flatMap((item) =>
        item === undefined ? [] : eventOf(item, options.upcasters ?? upcasters),
      );
    },
    async readSnapshot(service) {
      const item = await table.get({ [attribute.service]: service, [attribute.position]: snapshotPosition });
      return item === undefined ? null : snapshotIn(item);
    },
    async writeSnapshot(service, snapshot) {
      const written = await table.put(snapshotItemOf(service, snapshot), nobodyWroteSince(snapshot));
      // Where a reply was lost, the SDK's second try meets our own write: a conflict too, and the
      // caller reads it again.
      return written ? 'written' : 'conflict';
    },
    servicesToWake: (now) => servicesOf(table.query(liveServicesDue(now))),
    servicesWatching: (alarm) => servicesOf(table.query(liveServicesWatching(alarm))),
    async appendAlarmChange(recorded) {
      await table.put(alarmItemOf(recorded), {
        ConditionExpression: eventIsNew,
        ExpressionAttributeNames: { '#position': attribute.position },
      });
    },
    async alarmChanges(alarm, since) {
      const newest = await table.first(changesOfAlarm(alarm, since));
      return newest.map(alarmChangeOf).reverse();
    },
  };
}

type Condition = Pick<
  ConstructorParameters<typeof PutCommand>[0],
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;
type Query = Omit<QueryCommandInput, 'TableName'>;

/** The things that the log does with its table. */
class EventTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #pageSize: number | undefined;

  constructor({ client, table, pageSize }: DynamoDbEventLogOptions) {
    this.#client = DynamoDBDocumentClient.from(client);
    this.#table = table;
    this.#pageSize = pageSize;
  }

  /** False when the condition does not hold. */
  async put(item: Item, condition: Condition): Promise<boolean> {
    try {
      await this.#client.send(new PutCommand({ TableName: this.#table, Item: item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async get(key: Item): Promise<Item | undefined> {
    const { Item: item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    return item;
  }

  /** The first items of a query, as many as its limit says. */
  async first(query: Query): Promise<Item[]> {
    const { Items: items = [] } = await this.#client.send(
      new QueryCommand({ TableName: this.#table, ...query }),
    );
    return items;
  }

  async *query(query: Query): AsyncIterable<Item> {
    const pages = paginateQuery(
      { client: this.#client, ...(this.#pageSize === undefined ? {} : { pageSize: this.#pageSize }) },
      { TableName: this.#table, ...query },
    );
    for await (const page of pages) yield* page.Items ?? [];
  }
}

function eventsQuery(service: ServiceArn, after: Position | null): Query {
  return {
    ConsistentRead: true,
    KeyConditionExpression: eventsInRange,
    ExpressionAttributeNames: { '#service': attribute.service, '#position': attribute.position },
    ExpressionAttributeValues: { ':service': service, ':first': firstBehind(after), ':end': endOfEvents },
  };
}

/**
 * A sort key takes one condition only, and BETWEEN includes its borders: the least string behind a
 * position ends in NUL.
 */
function firstBehind(position: Position | null): string {
  return position === null ? '0' : `${position}\0`;
}

function nobodyWroteSince({ version }: StoredSnapshot): Condition {
  if (version === 1) {
    return {
      ConditionExpression: snapshotIsFirst,
      ExpressionAttributeNames: { '#position': attribute.position, '#version': attribute.version },
      ExpressionAttributeValues: { ':number': 'N' },
    };
  }
  return {
    ConditionExpression: snapshotIsAsRead,
    ExpressionAttributeNames: { '#version': attribute.version },
    ExpressionAttributeValues: { ':previous': version - 1 },
  };
}

function liveServicesDue(now: Instant): Query {
  return {
    IndexName: liveServicesIndex,
    KeyConditionExpression: `${isLive} AND ${wakeHasCome}`,
    ExpressionAttributeNames: { '#live': attribute.live, '#nextWakeAt': attribute.nextWakeAt },
    ExpressionAttributeValues: { ':live': liveValue, ':now': now },
  };
}

function liveServicesWatching(alarm: { readonly arn: string; readonly name: string }): Query {
  return {
    IndexName: liveServicesIndex,
    KeyConditionExpression: isLive,
    FilterExpression: watchesTheAlarm,
    ExpressionAttributeNames: { '#live': attribute.live, '#watchedAlarms': attribute.watchedAlarms },
    ExpressionAttributeValues: { ':live': liveValue, ':arn': alarm.arn, ':name': alarm.name },
  };
}

/** The newest first. */
function changesOfAlarm(alarm: string, since: Instant): Query {
  return {
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: alarmChangesAtMost,
    KeyConditionExpression: eventsInRange,
    ExpressionAttributeNames: { '#service': attribute.service, '#position': attribute.position },
    ExpressionAttributeValues: {
      ':service': alarmStreamOf(alarm),
      ':first': `${alarmPrefix}${positionFrom(since)}`,
      ':end': `${alarmPrefix}${endOfEvents}`,
    },
  };
}

async function* servicesOf(items: AsyncIterable<Item>): AsyncIterable<ServiceArn> {
  for await (const item of items) yield item[attribute.service];
}
