import type { EventId } from './identifiers';
import type { Instant } from './instant';

/** FNV-1a, 32 bits: tells texts apart in the log, cheaply. Not cryptographic. Pure. */
export function fingerprintOf(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Of an event, by what names it in its stream. */
export function eventFingerprintOf({
  id,
  occurredAt,
}: {
  readonly id: EventId;
  readonly occurredAt: Instant;
}): number {
  return fingerprintOf(id, occurredAt);
}

/**
 * The fingerprint of a set of events is the sum of theirs: it does not depend on the order in which
 * they were folded.
 */
export function sumOf(a: number, b: number): number {
  return (a + b) >>> 0;
}
