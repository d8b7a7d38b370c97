import { InvalidArgumentError } from 'commander';
import { numbersIn } from '../terminal/policy-option';

/** Keys of a policy that move a verdict. */
const sweptKeys = [
  'failurePercent',
  'minimumFailures',
  'deadlineSeconds',
  'bakeSeconds',
  'stallSeconds',
  'evidenceRatio',
  'failureRule',
  'certainCauses',
] as const;
export type SweptKey = (typeof sweptKeys)[number];
/** Of them those whose values are words. */
const wordKeys: ReadonlySet<SweptKey> = new Set(['failureRule', 'certainCauses']);

/** One `--sweep`: the values that one key takes. */
export interface Sweep {
  readonly key: SweptKey;
  readonly values: readonly SweptValue[];
}

type SweptValue = number | string;

/** One choice of values, a key each. */
export type PolicyValues = { readonly [key in SweptKey]?: SweptValue };

const mostCombinations = 200;

/**
 * Takes one more `--sweep`: `key=from..to`, `key=from..to:step` or `key=a,b,c`. Whether a policy
 * takes the values is looked at with the policy. Throws commander's error.
 */
export function parseSweep(text: string, earlier: readonly Sweep[] = []): Sweep[] {
  const [, name = '', range = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const key = sweptKeys.find((each) => each === name);
  if (key === undefined) {
    throw new InvalidArgumentError(
      `It is KEY=FROM..TO[:STEP] or KEY=A,B,C with a KEY of ${sweptKeys.join(', ')}.`,
    );
  }
  if (earlier.some((sweep) => sweep.key === key)) throw new InvalidArgumentError(`${key} is swept already.`);
  const sweeps = [...earlier, { key, values: parseValues(key, range) }];
  const count = sweeps.reduce((product, { values }) => product * values.length, 1);
  if (count <= mostCombinations) return sweeps;
  throw new InvalidArgumentError(
    `That makes ${count.toLocaleString('en-US')} combinations, and at most ${mostCombinations} are tried: choose a larger step.`,
  );
}

function parseValues(key: SweptKey, text: string): SweptValue[] {
  const values: SweptValue[] = wordKeys.has(key)
    ? text.split(',').map((word) => word.trim())
    : numbersIn(text);
  return [...new Set(values)].sort((a, b) => Number(a) - Number(b));
}

/** Every choice of values, the last key's changing fastest. */
export function combinationsOf(sweeps: readonly Sweep[]): PolicyValues[] {
  return sweeps.reduce<PolicyValues[]>(
    (chosen, { key, values }) => chosen.flatMap((each) => values.map((value) => ({ ...each, [key]: value }))),
    [{}],
  );
}
