import { XmlNode, XmlText } from '@aws-sdk/xml-builder';
import { clockTime, isoTime } from '../foundation/clock';

/**
 * As much of the AWS Query protocol as Elastic Load Balancing speaks.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
type Fields = { [name: string]: unknown };

/**
 * Reads a form: `Names.member.1=a` is the first item of the list `Names`, `Action.Type=x` a member
 * of a structure. Values are texts.
 */
export function parseForm(form: string): Fields {
  const input = noFields();
  for (const [path, value] of new URLSearchParams(form)) place(input, path.split('.'), value);
  return withLists(input) as Fields;
}

function place(target: Fields, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= noFields();
  place(target[name] as Fields, rest, value);
}

/** Without a prototype, which a name in a form could be that of. */
function noFields(): Fields {
  return Object.create(null);
}

/** A structure whose only member is `member` is a list, its items numbered from 1. */
function withLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Fields;
  if (Object.keys(fields).length === 1 && typeof fields.member === 'object') {
    return Object.values(fields.member as Fields).map(withLists);
  }
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, withLists(field)]));
}

/** Writes the answer to an operation. */
export function formatResult(operation: string, output: unknown): string {
  return nodeOf(`${operation}Response`, {
    [`${operation}Result`]: output,
    ResponseMetadata: { RequestId: requestId },
  })
    .addAttribute('xmlns', 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/')
    .toString();
}

/** Writes an error; its code is the name of the exception without that word. */
export function formatQueryError(error: { name: string; message: string; isSenders: boolean }): string {
  const described = {
    Type: error.isSenders ? 'Sender' : 'Receiver',
    Code: error.name === 'ThrottlingException' ? error.name : error.name.replace(/Exception$/, ''),
    Message: error.message,
  };
  return nodeOf('ErrorResponse', { Error: described, RequestId: requestId }).toString();
}

const requestId = '00000000-0000-4000-a000-000000000000';

function nodeOf(name: string, value: unknown): XmlNode {
  // An instant is a text here; the names of members tell which numbers are instants.
  const isTime = typeof value === 'number' && name.endsWith('Time');
  return new XmlNode(name, contentOf(isTime ? isoTime(clockTime(value * 1000)) : value));
}

function contentOf(value: unknown): (XmlNode | XmlText)[] {
  if (Array.isArray(value)) return value.map((item) => nodeOf('member', item));
  if (typeof value !== 'object' || value === null) return [new XmlText(String(value))];
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => nodeOf(name, field));
}
