/** What a record holds under a name that others chose: never what every object inherits. */
export function valueAt<Value>(record: { readonly [name: string]: Value }, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
