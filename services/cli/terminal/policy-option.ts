import { InvalidArgumentError } from 'commander';
import type { PolicyFile } from '../../policy/policy-file';
import { CommandError, exitCode } from './exit-code';
import { say } from './streams/standard-error';
import { readTextFile } from './text-file';

/**
 * The policy file of `--policy`, or what holds without one; what people should know of it goes to
 * stderr. Throws CommandError.
 */
export async function loadPolicyFile(name: string | undefined): Promise<PolicyFile> {
  // Its schema is large, and no help needs it.
  const { noPolicyFile, parsePolicyFile } = await import('../../policy/policy-file');
  const { PolicyFileError } = await import('../../policy/policy-text');
  if (name === undefined) return noPolicyFile;
  const text = await readTextFile(name, 'the policy file');
  try {
    const policyFile = parsePolicyFile(text, name);
    for (const note of policyFile.notes) say(`${name}: ${note}`);
    return policyFile;
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    throw new CommandError(error.message, exitCode.configuration, { cause: error });
  }
}

/** Without a step of its own, a range is cut so that it has at most this many values. */
const valuesOfRange = 10;
const rangePattern = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?$/;
/** Beyond what any command tries. */
const mostValues = 201;

/** `20..200`, `20..200:30` or `20,50,100`. Throws commander's error. */
export function numbersIn(text: string): number[] {
  const range = rangePattern.exec(text);
  const values = range !== null ? valuesFrom(range) : text.split(',').map((each) => numberFrom(each.trim()));
  if (values.length === 0) throw new InvalidArgumentError(`${text} holds no value.`);
  return values;
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
  const count = Math.min(Math.floor((to - from) / step + 1e-9) + 1, mostValues);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => Number((from + index * step).toFixed(6)));
}

/** The smallest of 1, 2, 5, 10, 20, 50 … that gives a range few enough values. */
function roundStep(width: number): number {
  for (let magnitude = 1; ; magnitude *= 10) {
    const step = [1, 2, 5].map((digit) => digit * magnitude).find((each) => width / each < valuesOfRange);
    if (step !== undefined) return step;
  }
}
