/** The record with a key set, as its newest: of the others the newest stay. */
export function withNewest<Key extends string, Value>(
  record: { readonly [key in Key]?: Value },
  [key, value]: readonly [Key, Value],
  kept: number,
): { readonly [key in Key]: Value } {
  const others = Object.entries(record).filter(([other]) => other !== key);
  return Object.fromEntries([...others.slice(-(kept - 1)), [key, value]]) as { readonly [key in Key]: Value };
}
