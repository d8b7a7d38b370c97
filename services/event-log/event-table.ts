import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Position } from '../../state-machines/log/position';

/**
 * The names of the table's attributes. infra/table.yml defines the table with them; a test holds
 * the two together.
 */
export const attribute = {
  /** Partition key: the service ARN, the key of an alarm's own stream, or that of a place. */
  service: 'service',
  /** Sort key: an event's position, an alarm's, one of the guard's, or one of those below. */
  position: 'position',
  type: 'type',
  recordedAt: 'recordedAt',
  schema: 'schema',
  body: 'body',
  /**
   * When DynamoDB may let an observed event, or an alarm's change, go, in epoch seconds; never on a
   * decision.
   */
  expiresAt: 'expiresAt',
  version: 'version',
  reducerVersion: 'reducerVersion',
  fold: 'fold',
  watchedAlarms: 'watchedAlarms',
  nextWakeAt: 'nextWakeAt',
  /**
   * Only on the snapshot of a service that wants to be woken: what is without it is not in the
   * index.
   */
  live: 'live',
  /** Of a place: when a discovery last looked at all of it. */
  lookedAt: 'lookedAt',
  /** Of a place: the services that this discovery could not look at. */
  missed: 'missed',
} as const;

/** The sparse index of the services with a live rollout, by nextWakeAt. */
export const liveServicesIndex = 'live-services';

/**
 * The one partition of the index. It takes 1,000 writes a second; ECS answers 20 DescribeServices
 * calls a second in an account and region, and a snapshot is written behind one of those.
 */
export const liveValue = 'yes';

/**
 * Where a service's snapshot stands: a position starts with a digit, so none equals it and all sort
 * before it.
 */
export const snapshotPosition = 'snapshot';

/** Where it stands when a place was looked at: it wakes nobody, and no export reads it. */
export const lookPosition = 'look';

/** Whether an event of a rollout stands there, and not another item of the table. */
export function isEventPosition(position: string): boolean {
  return /^\d/.test(position);
}
/**
 * How the positions begin under which the records of concluded rollouts stand: behind all events,
 * in order of their start.
 */
export const rolloutPrefix = 'rollout#';

/** Sorts behind every position (the character after 9) and before the snapshot. */
export const endOfEvents = ':';

/** Sorts behind every item of a key. */
export const behindAllOfKey = '~';

/** The key of an item: what it says need not be said again in the item's body. */
export interface ItemKey {
  readonly service: ServiceArn;
  readonly position: Position;
}
