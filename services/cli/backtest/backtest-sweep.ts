import { InvalidArgumentError } from 'commander';
import { policySchema } from '../../policy/policy-schema';

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
/** Without a step of its own, a range is cut so that it has at most this many values. */
const valuesOfRange = 10;
const rangePattern = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?$/;

/**
 * Takes one more `--sweep`: `key=from..to`, `key=from..to:step` or `key=a,b,c`. Throws commander's
 * error.
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
  const isOfWords = wordKeys.has(key);
  const range = isOfWords ? null : rangePattern.exec(text);
  const listed = text.split(',').map((each) => each.trim());
  const values: SweptValue[] =
    range !== null ? valuesFrom(range) : isOfWords ? listed : listed.map(numberFrom);
  if (values.length === 0) throw new InvalidArgumentError(`${text} holds no value.`);
  for (const value of values) {
    const result = policySchema.safeParse({ [key]: value });
    if (!result.success) throw new InvalidArgumentError(`${key} ${result.error.issues[0]?.message}.`);
  }
  return [...new Set(values)].sort((a, b) => Number(a) - Number(b));
}

/** Number makes nothing at all a zero. */
function numberFrom(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

/**
 * The values of a range, its last one included where a step falls on it; more than can be tried are
 * left to the limit above.
 */
function valuesFrom([, first, last, given]: RegExpExecArray): number[] {
  const [from, to] = [Number(first), Number(last)];
  const step = given === undefined ? roundStep(to - from) : Number(given);
  if (!(step > 0)) throw new InvalidArgumentError('A step is larger than 0.');
  const count = Math.min(Math.floor((to - from) / step + 1e-9) + 1, mostCombinations + 1);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => Number((from + index * step).toFixed(6)));
}

/** The smallest of 1, 2, 5, 10, 20, 50 … that gives a range few enough values. */
function roundStep(width: number): number {
  for (let magnitude = 1; ; magnitude *= 10) {
    const step = [1, 2, 5].map((digit) => digit * magnitude).find((each) => width / each < valuesOfRange);
    if (step !== undefined) return step;
  }
}

/** Every choice of values, the last key's changing fastest. */
export function combinationsOf(sweeps: readonly Sweep[]): PolicyValues[] {
  return sweeps.reduce<PolicyValues[]>(
    (chosen, { key, values }) => chosen.flatMap((each) => values.map((value) => ({ ...each, [key]: value }))),
    [{}],
  );
}
