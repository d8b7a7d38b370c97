/**
 * An event pattern of EventBridge, which Lambda's event filters share: an object of patterns, or of
 * lists of what a field may be.
 */
export type EventPattern = { readonly [field: string]: EventPattern | readonly Matcher[] };

type Scalar = string | number | boolean | null;
type Matcher = Scalar | { readonly [operator: string]: unknown };

/** The pattern asks for something that is not built here; EventBridge may know it. */
export class UnknownPatternError extends Error {
  override readonly name = 'UnknownPatternError';
}

/**
 * Whether EventBridge would deliver the event to a rule with this pattern. Pure; throws
 * UnknownPatternError. Source:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html, and
 * for arrays, absent and null fields the README of https://github.com/aws/event-ruler, which
 * EventBridge runs.
 */
export function matchesEventPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') return alternatives(expected).some((part) => matchesEventPattern(part, event));
    return matchesField(expected, fieldOf(event, field));
  });
}

function alternatives(expected: unknown): readonly EventPattern[] {
  if (Array.isArray(expected) && expected.length > 1) return expected;
  throw new UnknownPatternError('$or takes a list of at least two patterns');
}

function matchesField(expected: EventPattern | readonly Matcher[], actual: unknown): boolean {
  if (isList(expected)) return expected.some((matcher) => matchesLeaf(matcher, leavesOf(actual)));
  // All fields of a pattern must hold for the same element of a list of objects.
  if (isList(actual) && actual.length > 0)
    return actual.some((element) => matchesEventPattern(expected, element));
  return matchesEventPattern(expected, actual);
}

function isList<Element>(value: unknown): value is readonly Element[] {
  return Array.isArray(value);
}

/** An absent field, also that of a value which has none. */
function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
  return (value as Record<string, unknown>)[field];
}

/**
 * The values that a pattern can compare: of a list each of its own; an object or an absent field
 * has none.
 */
function leavesOf(actual: unknown): readonly Scalar[] {
  if (actual === undefined) return [];
  if (isList(actual)) return actual.flatMap(leavesOf);
  return typeof actual === 'object' && actual !== null ? [] : [actual as Scalar];
}

function matchesLeaf(matcher: Matcher, leaves: readonly Scalar[]): boolean {
  if (typeof matcher !== 'object' || matcher === null) return leaves.includes(matcher);
  const [[operator, operand] = ['', null], ...others] = Object.entries(matcher);
  if (others.length > 0)
    throw new UnknownPatternError(`one comparison at a time: ${JSON.stringify(matcher)}`);
  if (operator === 'exists') return leaves.length > 0 === operand;
  const test = testOf(operator, operand);
  return leaves.some(test);
}

type Test = (leaf: Scalar) => boolean;

function testOf(operator: string, operand: unknown): Test {
  switch (operator) {
    case 'anything-but':
      return anythingBut(operand);
    case 'numeric':
      return numeric(operand);
    case 'prefix':
      return onText(operand, (text, expected) => text.startsWith(expected));
    case 'suffix':
      return onText(operand, (text, expected) => text.endsWith(expected));
    case 'equals-ignore-case':
      return onText({ 'equals-ignore-case': operand }, (text, expected) => text === expected);
    case 'wildcard':
      return wildcard(operand);
    default:
      throw new UnknownPatternError(`the comparison "${operator}" is not known here`);
  }
}

/**
 * Anything but a value, any of a list, or what another comparison of texts finds. An absent field
 * is not anything.
 */
function anythingBut(operand: unknown): Test {
  if (isList<Scalar>(operand)) return (leaf) => !operand.includes(leaf);
  if (typeof operand !== 'object' || operand === null) return (leaf) => leaf !== operand;
  const tests = Object.entries(operand).flatMap(([operator, excluded]) =>
    (isList(excluded) ? excluded : [excluded]).map((one) => testOf(operator, one)),
  );
  return (leaf) => !tests.some((test) => test(leaf));
}

/** The operand is a text, or `{ 'equals-ignore-case': text }`. */
function onText(operand: unknown, compare: (text: string, expected: string) => boolean): Test {
  if (typeof operand === 'string') return (leaf) => typeof leaf === 'string' && compare(leaf, operand);
  const folded = fieldOf(operand, 'equals-ignore-case');
  if (typeof folded !== 'string') throw new UnknownPatternError(`not a text: ${JSON.stringify(operand)}`);
  return (leaf) => typeof leaf === 'string' && compare(leaf.toLowerCase(), folded.toLowerCase());
}

/** `*` stands for any characters, `\*` for the star itself. */
function wildcard(operand: unknown): Test {
  if (typeof operand !== 'string') throw new UnknownPatternError(`not a text: ${JSON.stringify(operand)}`);
  const literals = operand.match(/\\[\\*]|\*|[^\\*]+|\\/g) ?? [];
  const source = literals.map((part) => (part === '*' ? '.*' : escaped(part.replace(/^\\(?=[\\*])/, ''))));
  const pattern = new RegExp(`^${source.join('')}$`, 's');
  return (leaf) => typeof leaf === 'string' && pattern.test(leaf);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const comparisons: { readonly [operator: string]: (a: number, b: number) => boolean } = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `[">", 0, "<=", 5]`: one comparison or two, and all must hold. */
function numeric(operand: unknown): Test {
  if (!isList(operand) || operand.length % 2 !== 0) {
    throw new UnknownPatternError(`not pairs of a comparison and a number: ${JSON.stringify(operand)}`);
  }
  const tests = operand.flatMap((operator, index): Test[] => {
    if (index % 2 === 1) return [];
    const [compare, bound] = [comparisons[String(operator)], operand[index + 1]];
    if (compare === undefined || typeof bound !== 'number') {
      throw new UnknownPatternError(`not a comparison with a number: ${JSON.stringify(operand)}`);
    }
    return [(leaf) => typeof leaf === 'number' && compare(leaf, bound)];
  });
  return (leaf) => tests.every((test) => test(leaf));
}
