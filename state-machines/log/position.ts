import type { Brand, EventId } from './identifiers';
import type { Instant } from './instant';

/**
 * Where an event stands in its stream: `<occurredAt, ms>#<event id>`. Comparing positions as
 * strings gives the fold order.
 */
export type Position = Brand<string, 'Position'>;

const instantDigits = 13;

/** The two facts that an event's notification alone gives, and that place it in its stream. */
interface PlacedEvent {
  readonly occurredAt: Instant;
  readonly id: EventId;
}

/** The position of an event. Instants before 1970 have none. */
export function positionOf(event: PlacedEvent): Position {
  return `${String(event.occurredAt).padStart(instantDigits, '0')}#${event.id}` as Position;
}

/** Where the positions of an instant and of all later ones begin. */
export function positionFrom(at: Instant): Position {
  return positionOf({ occurredAt: at, id: '' as EventId });
}

/** A position behind every event that comes before this one, and before it. */
export function positionBefore(event: PlacedEvent): Position {
  const position = positionOf(event);
  const last = position.length - 1;
  return `${position.slice(0, last)}${String.fromCharCode(position.charCodeAt(last) - 1)}~` as Position;
}

/** Byte order, as DynamoDB sorts: negative when a comes first. */
export function comparePositions(a: Position, b: Position): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The id of a decision, which stands directly behind the event that caused it: the same cause gives
 * the same key, so that a decision can be written only once, by whoever makes it first.
 */
export function decisionIdAfter(cause: EventId, decision: string): EventId {
  return `${cause}~${decision}` as EventId;
}

/** Orders events as their positions do, without writing those out. 0: the same position. */
export function comparePlaces(a: PlacedEvent, b: PlacedEvent): number {
  return a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The first of the positions, nulls left out; null when there is none. */
export function earliestPosition(positions: readonly (Position | null)[]): Position | null {
  return positions.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);
}
