import type * as z from 'zod/mini';
import { hasPlainFields } from './plain-fields';

/**
 * A notification that Rewind cannot understand; the message is a sentence that names the field.
 * Terminal: trying again changes nothing, so such a notification belongs in the dead-letter queue.
 */
export class InvalidNotificationError extends Error {
  override readonly name = 'InvalidNotificationError';
}

interface Part<Schema extends z.ZodMiniObject> {
  readonly schema: Schema;
  readonly value: unknown;
  /** The path of the part in its notification. */
  readonly at: readonly PropertyKey[];
}

/**
 * Parses one part of a notification; throws InvalidNotificationError for the first field that is
 * wrong. A text that spells a number is read as it, where a number is documented: tools that pass
 * notifications on write some so. The result may hold fields that the schema does not name.
 */
export function parsePart<Schema extends z.ZodMiniObject>(part: Part<Schema>): z.output<Schema> {
  if (hasPlainFields(part.schema, part.value)) return part.value as z.output<Schema>;
  const result = part.schema.safeParse(part.value);
  if (result.success) return result.data;
  const again = part.schema.safeParse(withNumbersRead(part.value, result.error.issues));
  if (again.success) return again.data;
  const [issue] = again.error.issues;
  throw new InvalidNotificationError(issue === undefined ? 'this is invalid' : issueSentence(part, issue));
}

function withNumbersRead(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const read = structuredClone(value);
  for (const issue of issues) {
    const last = issue.path.at(-1);
    const holder = issue.path.slice(0, -1).reduce<unknown>((part, key) => (part as never)?.[key], read);
    const isNumberWanted = issue.code === 'invalid_type' && issue.expected === 'number';
    if (!isNumberWanted || last === undefined || typeof holder !== 'object' || holder === null) continue;
    const found: unknown = Reflect.get(holder, last);
    if (isNumeral(found)) Reflect.set(holder, last, Number(found));
  }
  return read;
}

function isNumeral(value: unknown): boolean {
  return typeof value === 'string' && /^[-+]?\d{1,15}(\.\d{1,15})?$/.test(value.trim());
}

function issueSentence({ value, at }: Part<z.ZodMiniObject>, issue: z.core.$ZodIssue): string {
  const found = issue.path.reduce<unknown>((part, key) => (part as never)?.[key], value);
  const field = [...at, ...issue.path].reduce<string>(joinPath, '');
  if (found === undefined) return `${field} is missing`;
  if (issue.code === 'invalid_type' || issue.code === 'custom') {
    const expected = issue.code === 'custom' ? issue.message : issue.expected;
    if (typeof found === 'number' && expected === 'number') return `${field} is too large for a number`;
    return `${field} must be ${withArticle(expected)}, not ${kindOfValue(found)}`;
  }
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

/** What a person calls a JSON value of this kind, with its article. */
export function kindOfValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return withArticle(Array.isArray(value) ? 'array' : typeof value);
}
