import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { ServiceCreated, ServiceUpdated } from '../../state-machines/log/observed-events';
import type { ProtectionEvent } from '../../state-machines/protection/protection-events';
import { eventOf } from './event-item';
import { attribute, endOfEvents } from './event-table';
import type { Item } from './item-size';
import { upcasters } from './schema';

/** An event of the guard, with the instant at which it was written. */
export interface RecordedProtection {
  readonly event: ProtectionEvent;
  readonly recordedAt: Instant;
}

/** A call that made or changed a service, as CloudTrail told of it. */
export type RecordedCall = ServiceCreated | ServiceUpdated;

/**
 * The guard's part of a service's stream: in the same partition as the events of its rollouts, but
 * behind them all, so that no fold ever reads it
 * (docs/decisions/0010-the-guard-writes-beside-the-rollouts.md).
 */
export interface ProtectionLog {
  /**
   * One conditional write; `conflict` when somebody else has written the event of that number: read
   * again, and look again.
   */
  append(recorded: RecordedProtection): Promise<'appended' | 'conflict'>;
  /** The newest; null when there is none. Strongly consistent, one read. */
  last(service: ServiceArn): Promise<ProtectionEvent | null>;
  /**
   * The one at a position, as the table's stream names it; null when there is none. Strongly
   * consistent.
   */
  at(service: ServiceArn, position: string): Promise<RecordedProtection | null>;
  /** All of them, in order. */
  read(service: ServiceArn): AsyncIterable<RecordedProtection>;
  /**
   * The last call that made or changed the service, among its newest events; null when none of
   * those tells. One read.
   */
  lastCall(service: ServiceArn): Promise<RecordedCall | null>;
}

/**
 * What was written is read in today's shape; whoever changes the shape of an event counts this up,
 * and upcasts.
 */
const schemaVersion = 1;
const numberIsFree = 'attribute_not_exists(#position)';
const positionsOfGuard = '#service = :service AND begins_with(#position, :guard)';
const positionsOfEvents = '#service = :service AND #position BETWEEN :first AND :end';
const isCall = '#type IN (:created, :updated)';
/** Somebody's call and the notifications of what came of it lie close together. */
const newestEvents = 500;
const keyNames = { '#service': attribute.service, '#position': attribute.position };

/**
 * The guard's part of the event log's table. What DynamoDB throws is passed on, after the SDK's
 * retries.
 */
export function dynamoDbProtectionLog(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): ProtectionLog {
  const client = DynamoDBDocumentClient.from(options.client);
  const ofGuard = (service: ServiceArn) => ({
    TableName: options.table,
    ConsistentRead: true,
    KeyConditionExpression: positionsOfGuard,
    ExpressionAttributeNames: keyNames,
    ExpressionAttributeValues: { ':service': service, ':guard': guardPrefix },
  });
  return {
    async append(recorded) {
      const condition = {
        ConditionExpression: numberIsFree,
        ExpressionAttributeNames: { '#position': attribute.position },
      };
      try {
        await client.send(
          new PutCommand({ TableName: options.table, Item: protectionItemOf(recorded), ...condition }),
        );
        return 'appended';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'conflict';
        throw error;
      }
    },
    async last(service) {
      const query = new QueryCommand({ ...ofGuard(service), ScanIndexForward: false, Limit: 1 });
      const { Items: [newest] = [] } = await client.send(query);
      return newest === undefined ? null : recordedIn(newest).event;
    },
    async at(service, position) {
      const Key = { [attribute.service]: service, [attribute.position]: position };
      const { Item } = await client.send(
        new GetCommand({ TableName: options.table, Key, ConsistentRead: true }),
      );
      return Item === undefined ? null : recordedIn(Item);
    },
    async *read(service) {
      for await (const { Items = [] } of paginateQuery({ client }, ofGuard(service))) {
        yield* Items.map(recordedIn);
      }
    },
    async lastCall(service) {
      const { Items: [newest] = [] } = await client.send(callsAmongNewest(options.table, service));
      return newest === undefined ? null : (eventOf(newest, upcasters).event as RecordedCall);
    },
  };
}

function callsAmongNewest(table: string, service: ServiceArn): QueryCommand {
  return new QueryCommand({
    TableName: table,
    ScanIndexForward: false,
    Limit: newestEvents,
    KeyConditionExpression: positionsOfEvents,
    FilterExpression: isCall,
    ExpressionAttributeNames: { ...keyNames, '#type': attribute.type },
    ExpressionAttributeValues: {
      ':service': service,
      ':first': '0',
      ':end': endOfEvents,
      ':created': 'ServiceCreated' satisfies RecordedCall['type'],
      ':updated': 'ServiceUpdated' satisfies RecordedCall['type'],
    },
  });
}

/**
 * A position of the guard starts with no digit: it sorts behind every event of a rollout, and
 * before the snapshot.
 */
const guardPrefix = 'guard#';
const sequenceDigits = 8;

/** Whether a position is one of the guard's. */
export function isOfGuard(position: string): boolean {
  return position.startsWith(guardPrefix);
}

function protectionItemOf({ event, recordedAt }: RecordedProtection): Item {
  const { type, service, sequence, ...facts } = event;
  return {
    [attribute.service]: service,
    [attribute.position]: `${guardPrefix}${String(sequence).padStart(sequenceDigits, '0')}`,
    [attribute.type]: type,
    [attribute.recordedAt]: recordedAt,
    [attribute.schema]: schemaVersion,
    [attribute.body]: deflateRawSync(JSON.stringify(facts)),
  };
}

function recordedIn(item: Item): RecordedProtection {
  const position: string = item[attribute.position];
  const facts = JSON.parse(inflateRawSync(item[attribute.body]).toString('utf8'));
  const event = {
    type: item[attribute.type],
    service: item[attribute.service],
    sequence: Number(position.slice(guardPrefix.length)),
    ...facts,
  } as ProtectionEvent;
  return { event, recordedAt: item[attribute.recordedAt] };
}
