import { InvalidIdentifierError } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Envelope } from './envelope';
import { parseInstant } from './instant-text';
import { InvalidNotificationError } from './parse-part';

/**
 * How far the time of a detail may be from its envelope's. Those of AWS are seconds apart, and an
 * hour and more in the examples of its pages. A fact from the future would supersede all that
 * follows it.
 */
const earliestBefore = 24 * 60 * 60 * 1000;
const latestBehind = 60 * 60 * 1000;

/**
 * When a notification's fact took place: the finer time of its detail where the source gives one
 * that is near the envelope's, else the envelope's, which counts whole seconds and may lag behind.
 * Throws InvalidNotificationError naming the field.
 */
export function occurredAt(envelope: Envelope, field: string, text: string | null | undefined): Instant {
  if (text === null || text === undefined) return instantOfField('time', envelope.time);
  const finer = instantOfField(field, text);
  if (isInSameHour(envelope.time, text)) return finer;
  const sentAt = optionalInstant(envelope.time);
  return sentAt === null ? finer : heldTo(sentAt, finer);
}

/** Spares reading the envelope's time at almost every notification: near enough by its text. */
function isInSameHour(time: string, text: string): boolean {
  return time.endsWith('Z') && text.endsWith('Z') && time.startsWith(text.slice(0, 'YYYY-MM-DDTHH'.length));
}

/** The finer time, if it is near the time that the envelope tells; else that one. */
function heldTo(sentAt: Instant, finer: Instant): Instant {
  return finer < sentAt - earliestBefore || finer > sentAt + latestBehind ? sentAt : finer;
}

/** The same for a notification whose times do not matter to it: null where none can be read. */
export function seenAt(envelope: Envelope, text: string | undefined): Instant | null {
  const sentAt = optionalInstant(envelope.time);
  const finer = optionalInstant(text);
  return sentAt === null || finer === null ? (sentAt ?? finer) : heldTo(sentAt, finer);
}

/**
 * A time that an event can do without: null when it is absent or in a form that AWS never used
 * before.
 */
export function optionalInstant(text: string | null | undefined): Instant | null {
  if (text === null || text === undefined) return null;
  try {
    return parseInstant(text);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    return null;
  }
}

function instantOfField(field: string, text: string): Instant {
  try {
    return parseInstant(text);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    throw new InvalidNotificationError(`${field} ${error.message}`, { cause: error });
  }
}
