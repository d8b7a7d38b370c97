/** Whether a JSON value is an object: neither null nor a list. */
export function isJsonObject(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A value as JSON in which the fields of every object are sorted, so that equal values have equal
 * texts. Pure. The digests of recorded decisions are made of this text: it must never change.
 */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_field, part: unknown) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
