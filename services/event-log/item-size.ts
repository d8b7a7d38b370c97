import type { NativeAttributeValue } from '@aws-sdk/lib-dynamodb';

export type Item = Record<string, NativeAttributeValue>;

/** The largest item that DynamoDB takes. */
export const maximumItemBytes = 400 * 1024;

/**
 * The bytes that DynamoDB counts for an item of strings, whole numbers, binaries and lists of
 * those. Never less than DynamoDB counts. Source:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: NativeAttributeValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberBytes(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value))
    return value.reduce<number>((bytes, element) => bytes + 1 + valueBytes(element), 3);
  throw new TypeError(`an item of the log holds no ${typeof value}`);
}

/** One byte for two significant digits, and one more; the sign takes another. */
function numberBytes(value: number): number {
  const digits = String(Math.abs(value)).length;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}
