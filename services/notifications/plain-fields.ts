import * as z from 'zod/mini';
import { isJsonObject } from '../../state-machines/log/foundation/json';

/**
 * The kinds of fields that notifications mostly consist of. AWS may leave out what is optional, or
 * send it as null. Each is made once: zod takes a fifth of a millisecond for one, at every cold
 * start of a function.
 */
export const requiredText = z.string();
export const filledText = z.string().check(z.minLength(1));
export const optionalText = z.nullish(z.string());
export const optionalNumber = z.nullish(z.number());
export const optionalTexts = z.nullish(z.array(z.string()));
/** A part with a schema of its own: zod would copy a loose object field by field. */
export const part = z.custom<{ readonly [field: string]: unknown }>(isJsonObject, { error: 'object' });
export const optionalParts = z.nullish(z.array(part));

/**
 * Whether a value has all fields of a schema, each of a kind above and as its kind says: then zod
 * need not look at it, which takes a sixth of the time of a long replay (docs/decisions/0054).
 * False as well where the schema has a field of another kind.
 */
export function hasPlainFields({ shape }: z.ZodMiniObject, value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  // No list of entries is made of the shape: this happens twice for every notification.
  for (const name in shape) {
    if (!isOfKind(shape[name], value[name])) return false;
  }
  return true;
}

function isOfKind(kind: unknown, found: unknown): boolean {
  switch (kind) {
    case requiredText:
      return isText(found);
    case filledText:
      return isText(found) && found !== '';
    case optionalText:
      return found == null || isText(found);
    case optionalNumber:
      return found == null || Number.isFinite(found);
    case optionalTexts:
      return found == null || isListOf(found, isText);
    case optionalParts:
      return found == null || isListOf(found, isJsonObject);
    case part:
      return isJsonObject(found);
    default:
      return false;
  }
}

function isListOf(found: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(found) && found.every(isOne);
}

function isText(found: unknown): boolean {
  return typeof found === 'string';
}
