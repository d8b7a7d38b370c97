import { isDecided, logKeyOf, type RewindEvent } from '../../state-machines/log/events';
import type { EventId, ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { AlarmChange } from '../../state-machines/log/observed-events';
import { type Position, positionOf } from '../../state-machines/log/position';
import { packBody, unpackBody } from './body';
import { type RecordedAlarmChange, type RecordedEvent, UnstorableEventError } from './event-log';
import { attribute, type ItemKey } from './event-table';
import { type Item, itemBytes, maximumItemBytes } from './item-size';
import { currentSchemaVersion, type Upcasters, upcast } from './schema';

/**
 * The item of an event. Throws UnstorableEventError when it would be larger than DynamoDB takes: an
 * event without its notification could not be audited, so it is refused whole rather than stored in
 * part.
 */
export function itemOf(recorded: RecordedEvent, { observedEventsDays = 0 }: Retention = {}): Item {
  const { type, id, service, occurredAt, ...own } = recorded.event;
  const key: ItemKey = { service, position: storableKey(recorded.event) };
  const isAtItsPosition = key.position === positionOf(recorded.event);
  const facts = isAtItsPosition ? own : { id, occurredAt, ...own };
  const item: Item = {
    [attribute.service]: key.service,
    [attribute.position]: key.position,
    [attribute.type]: type,
    [attribute.recordedAt]: recorded.recordedAt,
    [attribute.schema]: currentSchemaVersion,
    [attribute.body]: packBody(key, { facts, notification: recorded.notification }),
    ...expiry(recorded, observedEventsDays),
  };
  return storableItem(item, `${type} ${key.position}`);
}

/** The item, once it is sure to be one that DynamoDB takes; throws UnstorableEventError. */
function storableItem(item: Item, name: string): Item {
  const bytes = itemBytes(item);
  if (bytes <= maximumItemBytes) return item;
  throw new UnstorableEventError(
    `${name} would take ${bytes} bytes, more than the ${maximumItemBytes} that DynamoDB stores in an item`,
  );
}

/** How long the log keeps the events that it may drop. */
export interface Retention {
  /**
   * Days from its record on, after which an observed event may go; 0, as if left out, for never.
   */
  readonly observedEventsDays?: number;
}

const daySeconds = 86_400;

/** Decisions are what the log is for: they stay. */
function expiry({ event, recordedAt }: RecordedEvent, days: number): Item {
  if (days === 0 || isDecided(event)) return {};
  return { [attribute.expiresAt]: Math.ceil(recordedAt / 1000) + days * daySeconds };
}

/** The event of an item, brought to the current schema. Throws UnreadableItemError. */
export function eventOf(item: Item, upcasters: Upcasters): RecordedEvent {
  const key: ItemKey = { service: item[attribute.service], position: item[attribute.position] };
  try {
    const body = unpackBody(key, item[attribute.body]);
    const stored = { type: item[attribute.type], ...body.facts };
    const { type, ...facts } = upcast(stored, item[attribute.schema], upcasters);
    const event = { type, ...identityOf(key), ...facts } as RewindEvent;
    if (logKeyOf(event) !== key.position) throw new RangeError('it belongs under another key');
    return { event, recordedAt: item[attribute.recordedAt], notification: body.notification };
  } catch (cause) {
    throw new UnreadableItemError(key, { cause });
  }
}

/**
 * An item is not one of this log, or was written by a newer Rewind: nothing in its stream may be
 * folded over it.
 */
export class UnreadableItemError extends Error {
  override readonly name = 'UnreadableItemError';

  constructor(
    readonly key: ItemKey,
    options: ErrorOptions,
  ) {
    super(`the log cannot read ${key.position} of ${key.service}`, options);
  }
}

const sortablePosition = /^\d{13}#/;
const maximumPositionBytes = 1024;

/** An event's key, once it is sure to sort where it belongs; throws UnstorableEventError. */
export function storableKey(event: RewindEvent): Position {
  return sortableKey(logKeyOf(event), event);
}

/** The key, once it is sure to sort by the event's time; throws UnstorableEventError. */
export function sortableKey(key: Position, event: Pick<RewindEvent, 'type' | 'id' | 'occurredAt'>): Position {
  if (!sortablePosition.test(key) || !sortablePosition.test(positionOf(event))) {
    throw new UnstorableEventError(
      `${event.type} ${event.id} is dated ${event.occurredAt} ms, outside 1970 to 2286`,
    );
  }
  if (Buffer.byteLength(key) > maximumPositionBytes) {
    throw new UnstorableEventError(`${event.type} has an id longer than a sort key may be: ${event.id}`);
  }
  return key;
}

/** What the key says of the event; facts of its own say it where it stands under another. */
function identityOf({ service, position }: ItemKey) {
  const border = position.indexOf('#');
  const occurredAt = Number(position.slice(0, border)) as Instant;
  return { id: position.slice(border + 1) as EventId, service, occurredAt };
}

/** A rollout asks for what its alarms did in the week before it; what is told late is later. */
const keptDays = 8;

/**
 * In front of an alarm's positions: they start with no digit, so that nobody is woken by them, and
 * no reader of services' streams meets them.
 */
export const alarmPrefix = 'alarm#';

/** The key of the partition that holds an alarm's own stream: no service is called so. */
export function alarmStreamOf(alarm: string): string {
  return `${alarmPrefix}${alarm}`;
}

/**
 * The item of an alarm's change in the alarm's own stream. Throws UnstorableEventError where none
 * can hold it.
 */
export function alarmItemOf({ change, recordedAt, notification }: RecordedAlarmChange): Item {
  const { type, id, occurredAt, ...facts } = change;
  const position = sortableKey(positionOf(change), change);
  const item: Item = {
    [attribute.service]: alarmStreamOf(change.alarm),
    [attribute.position]: `${alarmPrefix}${position}`,
    [attribute.type]: type,
    [attribute.recordedAt]: recordedAt,
    [attribute.schema]: currentSchemaVersion,
    [attribute.body]: packBody(bodyKeyOf(change), { facts: { id, occurredAt, ...facts }, notification }),
    [attribute.expiresAt]: Math.ceil(recordedAt / 1000) + keptDays * daySeconds,
  };
  return storableItem(item, `${type} ${position}`);
}

/** The change of an item. */
export function alarmChangeOf(item: Item): RecordedAlarmChange {
  const alarm = String(item[attribute.service]).slice(alarmPrefix.length);
  const position = String(item[attribute.position]).slice(alarmPrefix.length);
  const key = { service: alarm, position } as ItemKey;
  const { facts, notification } = unpackBody(key, item[attribute.body]);
  const change = { type: item[attribute.type], ...facts } as AlarmChange;
  return { change, recordedAt: item[attribute.recordedAt] as Instant, notification: notification ?? '' };
}

/** What a body is packed with: the alarm stands where a service does. */
function bodyKeyOf(change: AlarmChange): ItemKey {
  return { service: change.alarm as ServiceArn, position: positionOf(change) };
}
