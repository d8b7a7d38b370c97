import { type Brand, InvalidIdentifierError } from './identifiers';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>;

/**
 * Takes milliseconds since the epoch as an instant; throws InvalidIdentifierError when they are no
 * time.
 */
export function instantFrom(milliseconds: number): Instant {
  if (Number.isFinite(milliseconds)) return Math.trunc(milliseconds) as Instant;
  throw new InvalidIdentifierError(`${milliseconds} is not a time`);
}

/** The instant so many seconds later. */
export function secondsAfter(instant: Instant, seconds: number): Instant {
  return (instant + Math.round(seconds * 1000)) as Instant;
}

/** ISO 8601 with milliseconds, in UTC. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** The same of an instant that may be null. */
export function formatInstantOrNull(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
