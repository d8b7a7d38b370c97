/**
 * A notification that Rewind cannot understand; the message is a sentence that names the field.
 * Terminal: trying again changes nothing, so such a notification belongs in the dead-letter queue.
 */
export class InvalidNotificationError extends Error {
  override readonly name = 'InvalidNotificationError';
}
