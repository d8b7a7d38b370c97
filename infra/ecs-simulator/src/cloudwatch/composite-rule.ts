import { alarmStates, type CompositeRule } from './alarm';
import { ExpressionReader } from './expression-reader';

/**
 * Parses an alarm rule: ALARM(name), OK(name), INSUFFICIENT_DATA(name), TRUE and FALSE, joined by
 * AND, OR and NOT. Throws ExpressionError.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function parseCompositeRule(text: string): CompositeRule {
  const reader = new ExpressionReader(text, /"[^"]*"|[()]|[^\s()"]+/);
  const rule = readOr(reader);
  reader.end();
  return rule;
}

function readOr(reader: ExpressionReader): CompositeRule {
  let rule = readAnd(reader);
  while (reader.takes('OR')) {
    const [left, right] = [rule, readAnd(reader)];
    rule = (stateOf) => left(stateOf) || right(stateOf);
  }
  return rule;
}

function readAnd(reader: ExpressionReader): CompositeRule {
  let rule = readNot(reader);
  while (reader.takes('AND')) {
    const [left, right] = [rule, readNot(reader)];
    rule = (stateOf) => left(stateOf) && right(stateOf);
  }
  return rule;
}

function readNot(reader: ExpressionReader): CompositeRule {
  if (!reader.takes('NOT')) return readState(reader);
  const negated = readNot(reader);
  return (stateOf) => !negated(stateOf);
}

function readState(reader: ExpressionReader): CompositeRule {
  if (reader.takes('(')) {
    const inner = readOr(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.takes('TRUE')) return () => true;
  if (reader.takes('FALSE')) return () => false;
  const state = alarmStates.find((one) => one === reader.peek()) ?? reader.refuse();
  reader.next();
  reader.expect('(');
  // By name, or by an ARN that ends in it.
  const name = reader
    .next()
    .replace(/^"|"$/g, '')
    .replace(/^arn:.*:alarm:/, '');
  reader.expect(')');
  return (stateOf) => stateOf(name) === state;
}
