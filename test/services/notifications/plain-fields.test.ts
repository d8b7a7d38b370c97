import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import * as kinds from '../../../services/notifications/plain-fields';

const { hasPlainFields, ...fields } = kinds;

/** What a field of a notification may hold: of each kind, and of none. */
const found = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
  fc.array(fc.dictionary(fc.constantFrom('name', 'reason'), fc.jsonValue({ maxDepth: 0 })), { maxLength: 3 }),
  fc.constantFrom('', 'text', 0, 7.5, null, undefined, true),
  // What JSON.parse makes of 1e999.
  fc.constant(Number.POSITIVE_INFINITY),
);

describe('a look at plain fields', () => {
  it.each(Object.entries(fields))('takes for %s what zod takes for it, and nothing else', (_, kind) => {
    const schema = z.object({ field: kind });
    const taken = new Set<boolean>();
    fc.assert(
      fc.property(found, (value) => {
        const isTaken = hasPlainFields(schema, { field: value, other: 1 });
        expect(isTaken).toBe(schema.safeParse({ field: value }).success);
        taken.add(isTaken);
      }),
      { numRuns: 500 },
    );
    expect([...taken].sort()).toEqual([false, true]);
  });

  it('leaves to zod what is no object, and a field of any other kind', () => {
    for (const value of [null, 'text', 7, [{ field: 'text' }]]) {
      expect(hasPlainFields(z.object({ field: fields.optionalText }), value)).toBe(false);
    }
    expect(hasPlainFields(z.object({ field: z.enum(['a']) }), { field: 'a' })).toBe(false);
  });
});
