import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkOf } from '../../../services/notifications/schema-check';

/** Every kind of schema that notifications are held to. */
const schema = z.object({
  id: z.string().min(1),
  'detail-type': z.string(),
  version: z.number().nullish(),
  resources: z.array(z.string()).nullish(),
  containers: z.array(z.object({ name: z.string().nullish(), exitCode: z.number().nullish() })).nullish(),
  state: z.object({ value: z.string() }),
  detail: z.looseObject({}),
});

const right = {
  id: 'e-1',
  'detail-type': 'ECS Task State Change',
  version: 3,
  resources: ['arn'],
  containers: [{ name: 'app', exitCode: 1 }],
  state: { value: 'OK' },
  detail: { anything: 1 },
};

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', [], {}, null, undefined, Number.POSITIVE_INFINITY, [null], [{}], { value: 1 }),
);
/** A right value with some of its fields, or one of its containers' fields, set to anything. */
const arbitraryValue = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...Object.keys(right)), anything, { maxKeys: 2 }),
    fc.dictionary(fc.constantFrom('name', 'exitCode', 'other'), anything, { maxKeys: 1 }),
  )
  .map(([fields, container]) => ({ ...right, containers: [container], ...fields }));

describe('the check made of a schema', () => {
  const check = checkOf(schema);

  it('holds exactly where the schema does', () => {
    let held = 0;
    const property = fc.property(fc.oneof({ weight: 9, arbitrary: arbitraryValue }, anything), (value) => {
      expect(check(value)).toBe(schema.safeParse(value).success);
      if (check(value)) held += 1;
    });
    fc.assert(property, { numRuns: 5000 });
    expect(held).toBeGreaterThan(500);
    expect(held).toBeLessThan(4500);
  });

  it('cannot be made of a kind of schema that it does not know', () => {
    expect(() => checkOf(z.object({ date: z.date() }))).toThrow('no check can be made of the schema "date"');
  });

  it.each([
    ['a pattern', z.string().regex(/a/)],
    ['a largest length', z.string().max(3)],
    ['whole numbers', z.number().int()],
    ['a length of a list', z.array(z.string()).min(1)],
    ['no other fields', z.strictObject({})],
    ['a refinement', z.object({}).refine(() => false)],
  ])('cannot be made of what it would not hold to: %s', (_what, field) => {
    expect(() => checkOf(z.object({ field }))).toThrow('no check can be made of all that');
  });
});
