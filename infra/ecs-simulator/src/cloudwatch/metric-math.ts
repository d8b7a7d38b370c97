import { ExpressionReader } from './expression-reader';

/**
 * Works out one period's value from those of the other queries, by id; null for one without data.
 */
export type MetricMath = (values: ReadonlyMap<string, number | null>) => number | null;

const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '>': (left, right) => Number(left > right),
  '<': (left, right) => Number(left < right),
  '>=': (left, right) => Number(left >= right),
  '<=': (left, right) => Number(left <= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
};
/** The loosest first. */
const precedence = [
  ['>', '<', '>=', '<=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
] as const;

/**
 * Parses as much of metric math as alarms on a service need: arithmetic, comparisons, IF, FILL, and
 * MAX or SUM of a list, which METRICS() is: of all that the alarm has. Throws ExpressionError.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parseMetricMath(text: string, metrics: readonly string[] = []): MetricMath {
  const listed = text.replaceAll('METRICS()', `[${metrics.join(', ')}]`);
  const reader = new ExpressionReader(listed, /\d+(?:\.\d+)?|[A-Za-z_]\w*|[<>=!]=|[-+*/<>(),[\]]/);
  const math = readLevel(reader, 0);
  reader.end();
  return math;
}

function readLevel(reader: ExpressionReader, level: number): MetricMath {
  const signs: readonly string[] | undefined = precedence[level];
  if (signs === undefined) return readTerm(reader);
  let math = readLevel(reader, level + 1);
  while (signs.includes(reader.peek())) {
    const operate = operators[reader.next()];
    const [left, right] = [math, readLevel(reader, level + 1)];
    if (operate === undefined) reader.refuse();
    math = (values) => combine([left(values), right(values)], operate);
  }
  return math;
}

/** What lacks data has no value, and neither has a division by zero. */
function combine(
  [left, right]: readonly [number | null, number | null],
  operate: (left: number, right: number) => number,
): number | null {
  if (left === null || right === null) return null;
  const value = operate(left, right);
  return Number.isFinite(value) ? value : null;
}

function readTerm(reader: ExpressionReader): MetricMath {
  if (reader.takes('(')) {
    const inner = readLevel(reader, 0);
    reader.expect(')');
    return inner;
  }
  if (reader.takes('-')) {
    const negated = readTerm(reader);
    return (values) => combine([0, negated(values)], (zero, value) => zero - value);
  }
  const word = reader.peek();
  if (word === 'IF' || word === 'FILL') return readFunction(reader);
  const ofList = Object.hasOwn(listFunctions, word) ? listFunctions[word] : undefined;
  if (ofList !== undefined) return readListFunction(reader, ofList);
  if (/^\d/.test(word)) return constant(Number(reader.next()));
  if (!/^[a-z]/.test(word)) reader.refuse();
  reader.next();
  return (values) => values.get(word) ?? null;
}

function constant(value: number): MetricMath {
  return () => value;
}

function readFunction(reader: ExpressionReader): MetricMath {
  const name = reader.next();
  reader.expect('(');
  const [first, second, third] = readArguments(reader);
  if (first === undefined || second === undefined) reader.refuse();
  if (name === 'FILL') return (values) => first(values) ?? second(values);
  return (values) => {
    const condition = first(values);
    if (condition === null) return null;
    return condition !== 0 ? second(values) : (third?.(values) ?? null);
  };
}

type ListFunction = (known: readonly number[]) => number;

const listFunctions: Readonly<Record<string, ListFunction>> = {
  MAX: (known) => Math.max(...known),
  SUM: (known) => known.reduce((sum, value) => sum + value, 0),
};

/** Of those that have data. */
function readListFunction(reader: ExpressionReader, compute: ListFunction): MetricMath {
  reader.next();
  reader.expect('(');
  reader.expect('[');
  const listed = readArguments(reader, ']');
  reader.expect(')');
  return (values) => {
    const known = listed.map((math) => math(values)).filter((value) => value !== null);
    return known.length === 0 ? null : compute(known);
  };
}

function readArguments(reader: ExpressionReader, end = ')'): MetricMath[] {
  const parsed = [readLevel(reader, 0)];
  while (reader.takes(',')) parsed.push(readLevel(reader, 0));
  reader.expect(end);
  return parsed;
}
