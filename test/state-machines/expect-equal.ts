import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/**
 * `toEqual` for thousands of large states: asked only where Node's own comparison, which is many
 * times as fast and no less strict, does not find them equal.
 */
export function expectEqual<Value>(found: Value, expected: Value): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
}
