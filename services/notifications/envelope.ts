import * as z from 'zod';
import { type EventId, InvalidIdentifierError } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { parseInstant } from './instant-text';
import { checkOf } from './schema-check';
import type { Ignored, Translation } from './translation';

/** Thrown by the translators for what they cannot do without; its message is a sentence that names the field. */
export class InvalidNotificationError extends Error {
  override readonly name = 'InvalidNotificationError';
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html: what every event has, of it what is used. */
const envelopeSchema = z.object({
  id: z.string().min(1),
  'detail-type': z.string(),
  source: z.string(),
  time: z.string(),
  account: z.string().nullish(),
  region: z.string().nullish(),
  resources: z.array(z.string()).nullish(),
  detail: z.looseObject({}),
});

export type Envelope = z.output<typeof envelopeSchema>;
export type Translator = (envelope: Envelope) => Translation;

/** Parses what EventBridge delivers; throws InvalidNotificationError, with its own sentence for what is often taken for an envelope. */
export function parseEnvelope(value: unknown): Envelope {
  if (!isObject(value)) {
    throw new InvalidNotificationError(`this is ${nameOfKind(value)}, not an EventBridge envelope`);
  }
  const other = notAnEnvelope(value);
  if (other !== null) throw new InvalidNotificationError(other);
  return parsePart({ schema: envelopeSchema, value, at: [] });
}

/** Checks one part of a notification; throws InvalidNotificationError naming the first field that is wrong. */
export function parsePart<Schema extends z.ZodType>(part: {
  readonly schema: Schema;
  readonly value: unknown;
  readonly at: readonly string[];
}): z.output<Schema> {
  // The schema itself has to speak only where something is wrong: it knows what.
  if (isRight(part.schema, part.value)) return part.value as z.output<Schema>;
  const result = part.schema.safeParse(part.value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InvalidNotificationError(issue === undefined ? 'this is invalid' : describe(part, issue));
}

const checks = new WeakMap<z.ZodType, (value: unknown) => boolean>();

function isRight(schema: z.ZodType, value: unknown): boolean {
  const check = checks.get(schema) ?? checkOf(schema);
  checks.set(schema, check);
  return check(value);
}

/** The detail of a notification, as its schema has it. */
export function parseDetail<Schema extends z.ZodType>(envelope: Envelope, schema: Schema): z.output<Schema> {
  return parsePart({ schema, value: envelope.detail, at: ['detail'] });
}

/** The event's own, finer time where the source gives one, else the envelope's, which counts whole seconds and may lag behind. */
export function occurredAt(envelope: Envelope, field: string, text: string | null | undefined): Instant {
  if (text === null || text === undefined) return parseTime('time', envelope.time);
  return parseTime(field, text);
}

/** A time that may be absent; one in a form never seen is worth less than the rest of its event, and taken as absent too. */
export function optionalInstant(text: string | null | undefined): Instant | null {
  if (text === null || text === undefined) return null;
  try {
    return parseInstant(text);
  } catch {
    return null;
  }
}

export function eventIdOf(envelope: Envelope): EventId {
  return envelope.id as EventId;
}

/** An answer for a well-formed notification that is none of Rewind's business. */
export function ignored(envelope: Envelope, because: string): Ignored {
  const { updatedAt, createdAt } = envelope.detail;
  const finest = [updatedAt, createdAt].find((time) => typeof time === 'string') as string | undefined;
  return { kind: 'ignored', because, occurredAt: optionalInstant(finest) ?? optionalInstant(envelope.time) };
}

function parseTime(field: string, text: string): Instant {
  try {
    return parseInstant(text);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    throw new InvalidNotificationError(`${field} ${error.message}`, { cause: error });
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOfKind(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function notAnEnvelope(value: { readonly [key: string]: unknown }): string | null {
  if ('detail-type' in value) return null;
  if ('eventVersion' in value && 'eventSource' in value) {
    return 'this is a bare CloudTrail record, not an EventBridge envelope: EventBridge delivers such a record as the detail of "AWS API Call via CloudTrail"';
  }
  if ('executionId' in value && 'lifecycleStage' in value) {
    return 'this is the input of a lifecycle-hook Lambda, not an EventBridge envelope';
  }
  return 'this is not an EventBridge envelope: detail-type is missing';
}

function describe(
  part: { readonly value: unknown; readonly at: readonly string[] },
  issue: z.core.$ZodIssue,
): string {
  const found = issue.path.reduce<unknown>((value, key) => (value as never)?.[key], part.value);
  const field = [...part.at, ...issue.path].reduce<string>(joinPath, '');
  if (found === undefined) return `${field} is missing`;
  if (issue.code === 'invalid_type')
    return `${field} must be ${withArticle(issue.expected)}, not ${nameOfKind(found)}`;
  if (issue.code === 'too_small') return `${field} is empty`;
  return `${field} is not valid`;
}

function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}

function withArticle(kind: string): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}
