/** Variables to be set for this process; null takes one away. */
export type Variables = { readonly [name: string]: string | null };

/**
 * Sets the variables for this whole process, and returns what puts back those that were there
 * before.
 */
export function setVariables(variables: Variables): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name] ?? null] as const);
  apply(variables);
  return () => apply(Object.fromEntries(before));
}

function apply(variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  }
}
