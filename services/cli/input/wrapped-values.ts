import { isExportLine } from './log-export';
import { parseOrUndefined } from './scan/object-scan';

/** A value of an input without what services wrap around it, or a sentence on what is damaged. */
type WrappedValue = { readonly value: unknown } | { readonly because: string };

type Fields = { readonly [name: string]: unknown };

/**
 * What a value of an input holds: what CloudWatch Logs, Logs Insights, SQS and SNS deliver or
 * answer is taken out of their wraps, one in the other, and lists are taken apart. Anything else is
 * the value itself. What only says that deliveries work holds nothing.
 */
export function* unwrap(value: unknown): Generator<WrappedValue> {
  if (Array.isArray(value)) yield* unwrapList(value);
  else if (typeof value === 'object' && value !== null) yield* unwrapObject(value as Fields);
  else yield { value };
}

function* unwrapList(list: readonly unknown[]): Generator<WrappedValue> {
  if (list.length > 0 && list.every(isField) && !list.some(isMessage)) {
    yield { because: 'this result of Logs Insights has no @message: let the query ask for it' };
    return;
  }
  for (const element of list) yield* unwrap(element);
}

function* unwrapObject(object: Fields): Generator<WrappedValue> {
  if (isWhole(object)) yield { value: object };
  else if (saysNothing(object)) return;
  else if (Array.isArray(object.logEvents)) yield* unwrapList(object.logEvents);
  else if ('Sns' in object) yield* unwrap(object.Sns);
  else {
    const name = wrappingFields.find((field) => isContent(object[field]));
    if (isMessage(object)) yield* unwrapText(messageField, object.value);
    else if (name === undefined) yield { value: object };
    else yield* unwrapText(name, object[name]);
  }
}

/** Most values are an envelope or a line of an export, and hold nothing else. */
function isWhole(object: Fields): boolean {
  return 'detail-type' in object || isExportLine(object);
}

/**
 * What CloudWatch Logs and SNS send to see whether deliveries work, and what Logs Insights tells of
 * a log event beside its message.
 */
function saysNothing(object: Fields): boolean {
  const isConfirmation = /Confirmation$/.test(String(object.Type)) && 'TopicArn' in object;
  const isOtherField = isField(object) && !isMessage(object);
  return object.messageType === 'CONTROL_MESSAGE' || isConfirmation || isOtherField;
}

/**
 * Where the services put what they carry: an entry of CloudWatch Logs, a row that the console of
 * Logs Insights exports, a message of SQS as ReceiveMessage and as a Lambda function get it, and a
 * notification of SNS:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ResultField.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Message.html
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
const messageField = '@message';
const wrappingFields = ['message', messageField, 'Body', 'body', 'Message'] as const;

/** The console exports messages as the objects that they hold. */
function isContent(content: unknown): boolean {
  return typeof content === 'string' || (typeof content === 'object' && content !== null);
}

function* unwrapText(name: string, content: unknown): Generator<WrappedValue> {
  const value = typeof content === 'string' ? parseOrUndefined(content) : content;
  if (value === undefined) yield { because: `${name} is not JSON` };
  else yield* unwrap(value);
}

/** One field of a result of Logs Insights. */
function isField(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'field' in value && 'value' in value && typeof value.field === 'string';
}

function isMessage(field: unknown): boolean {
  return Object(field).field === messageField;
}
