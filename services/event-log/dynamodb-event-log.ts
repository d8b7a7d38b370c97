import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
import {
  alarmChangesAtMost,
  type EventLog,
  type HistoryLog,
  type LookedAtPlace,
  type StoredSnapshot,
} from './event-log';
import {
  attribute,
  endOfEvents,
  liveServicesIndex,
  liveValue,
  lookPosition,
  rolloutPrefix,
  snapshotPosition,
} from './event-table';
import type { Item } from './item-size';
import { rolloutIn, rolloutItemOf } from './rollouts/rollout-item';
import { type Upcasters, upcasters } from './schema';
import { snapshotIn, snapshotItemOf } from './snapshot';
import { type Condition, EventTable, type Query } from './table/event-table-access';

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
export function dynamoDbEventLog(options: DynamoDbEventLogOptions): EventLog & HistoryLog {
  const table = new EventTable(options);
  return {
    async append(recorded) {
      const { rollout, recordedAt, event } = recorded;
      const item = itemOf(withDigest(recorded), options);
      const isNew = {
        ConditionExpression: eventIsNew,
        ExpressionAttributeNames: { '#position': attribute.position },
      };
      const written =
        rollout === undefined
          ? await table.put(item, isNew)
          : await table.putWith(rolloutItemOf(event.service, recordedAt, rollout), item, isNew);
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
    async rollouts(service, atMost) {
      const items = await table.first(itemsNewestFirst(rolloutsQuery(service), atMost));
      return items.flatMap(rolloutIn);
    },
    async newest(service, atMost) {
      const items = await table.first(itemsNewestFirst(eventsQuery(service, null), atMost));
      return items.map((item) => eventOf(item, options.upcasters ?? upcasters));
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
    async lastLook(place) {
      const item = await table.get(keyOfLook(place));
      return item === undefined ? null : { at: item[attribute.lookedAt], missed: item[attribute.missed] };
    },
    async keepLook(place, { at, missed }) {
      await table.put({ ...keyOfLook(place), [attribute.lookedAt]: at, [attribute.missed]: missed }, {});
    },
  };
}

/** No service is called so. */
function keyOfLook({ account, region }: LookedAtPlace): Item {
  return { [attribute.service]: `discovery#${account}#${region}`, [attribute.position]: lookPosition };
}

function eventsQuery(service: ServiceArn, after: Position | null): Query {
  return {
    ConsistentRead: true,
    KeyConditionExpression: eventsInRange,
    ExpressionAttributeNames: { '#service': attribute.service, '#position': attribute.position },
    ExpressionAttributeValues: { ':service': service, ':first': firstBehind(after), ':end': endOfEvents },
  };
}

function itemsNewestFirst(query: Query, atMost: number): Query {
  return { ...query, ScanIndexForward: false, Limit: atMost };
}

function rolloutsQuery(service: ServiceArn): Query {
  return {
    KeyConditionExpression: '#service = :service AND begins_with(#position, :rollout)',
    ExpressionAttributeNames: { '#service': attribute.service, '#position': attribute.position },
    ExpressionAttributeValues: { ':service': service, ':rollout': rolloutPrefix },
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
