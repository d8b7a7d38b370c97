import * as z from 'zod/mini';

/** The fields of a policy that are numbers, each refused with its bounds. */
export function numberFrom(least: number, most: number) {
  const error = `must be a number from ${least} to ${most}`;
  return z.number({ error }).check(z.minimum(least, { error }), z.maximum(most, { error }));
}

export function wholeNumberFrom(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).check(z.minimum(least, { error }), z.maximum(most, { error }));
}
