import { createHash } from 'node:crypto';
import type { DecidedEvent } from '../../state-machines/log/decided-events';
import { isDecided } from '../../state-machines/log/events';
import { sortedJson } from '../../state-machines/log/foundation/json';
import type { RecordedEvent } from './event-log';

/** The recorded event with its digest, if it is a decision that has none yet. Pure. */
export function withDigest(recorded: RecordedEvent): RecordedEvent {
  const { event } = recorded;
  if (!isDecided(event) || event.digest !== undefined) return recorded;
  return { ...recorded, event: { ...event, digest: digestOf(recorded, event) } };
}

/**
 * Whether a decision still says what it said when its digest was made, its type included. What has
 * no digest says nothing about that.
 */
export function isAsWritten(recorded: RecordedEvent): boolean {
  const event = recorded.event as DecidedEvent;
  return event.digest === undefined || event.digest === digestOf(recorded, event);
}

/**
 * SHA-256, in base64url, of the event and of when it was recorded, as JSON with the keys of every
 * object in order.
 */
function digestOf({ recordedAt }: RecordedEvent, { digest: _digest, ...event }: DecidedEvent): string {
  return createHash('sha256').update(sortedJson({ recordedAt, event })).digest('base64url');
}
