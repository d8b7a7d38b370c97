import { InvalidIdentifierError } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Envelope } from './envelope';
import { parseInstant } from './instant-text';
import { InvalidNotificationError } from './parse-part';

/**
 * When a notification's fact took place: the finer time of its detail where the source gives one,
 * else the envelope's, which counts whole seconds and may lag behind. Throws
 * InvalidNotificationError naming the field.
 */
export function occurredAt(envelope: Envelope, field: string, text: string | null | undefined): Instant {
  if (text === null || text === undefined) return instantOfField('time', envelope.time);
  return instantOfField(field, text);
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
