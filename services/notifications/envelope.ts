import * as z from 'zod/mini';
import { isJsonObject } from '../../state-machines/log/foundation/json';
import type { EventId } from '../../state-machines/log/identifiers';
import { InvalidNotificationError, kindOfValue, parsePart } from './parse-part';
import { filledText, optionalText, optionalTexts, part, requiredText } from './plain-fields';

/**
 * The fields of an EventBridge event that Rewind uses:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
const envelopeSchema = z.object({
  id: filledText,
  'detail-type': requiredText,
  source: requiredText,
  time: requiredText,
  account: optionalText,
  region: optionalText,
  resources: optionalTexts,
  // Each detail type parses its own.
  detail: part,
});

/** What EventBridge delivers: a fact, and where it comes from. */
export type Envelope = z.output<typeof envelopeSchema>;

/**
 * Parses what EventBridge delivers. Throws InvalidNotificationError, with a sentence of its own for
 * what people often take for an envelope.
 */
export function parseEnvelope(value: unknown): Envelope {
  if (!isJsonObject(value)) {
    throw new InvalidNotificationError(`this is ${kindOfValue(value)}, not an EventBridge envelope`);
  }
  const mistake = lookAlikeSentence(value);
  if (mistake !== null) throw new InvalidNotificationError(mistake);
  return parsePart({ schema: envelopeSchema, value, at: [] });
}

/**
 * Parses the detail of a notification; throws InvalidNotificationError for the first field that is
 * wrong.
 */
export function parseDetail<Schema extends z.ZodMiniObject>(
  envelope: Envelope,
  schema: Schema,
): z.output<Schema> {
  return parsePart({ schema, value: envelope.detail, at: ['detail'] });
}

/** The id of the event that the notification becomes: the notification's own. */
export function eventIdOf(envelope: Envelope): EventId {
  return envelope.id as EventId;
}

function lookAlikeSentence(value: object): string | null {
  if ('detail-type' in value) return null;
  if ('eventVersion' in value && 'eventSource' in value) {
    return 'this is a bare CloudTrail record, not an EventBridge envelope: EventBridge delivers such a record as the detail of "AWS API Call via CloudTrail"';
  }
  if ('executionId' in value && 'lifecycleStage' in value) {
    return 'this is the input of a lifecycle-hook Lambda, not an EventBridge envelope';
  }
  return 'this is not an EventBridge envelope: detail-type is missing';
}
