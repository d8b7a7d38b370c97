/** A value of the input with the line it starts at, or what stood in the place of one. */
export type Found =
  | { readonly kind: 'value'; readonly line: number; readonly value: unknown }
  | { readonly kind: 'garbage'; readonly line: number; readonly because: string };
