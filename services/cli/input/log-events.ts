/**
 * What a value of an input holds: the log events of a record that a CloudWatch Logs subscription
 * delivers, or the value itself. A control message says nothing but that deliveries work.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export function* valuesIn(value: unknown): Generator<unknown> {
  if (!isSubscriptionRecord(value)) yield value;
  else if (value.messageType !== 'CONTROL_MESSAGE') yield* value.logEvents;
}

function isSubscriptionRecord(
  value: unknown,
): value is { readonly messageType: string; readonly logEvents: readonly unknown[] } {
  if (typeof value !== 'object' || value === null || !('messageType' in value)) return false;
  return 'logEvents' in value && Array.isArray(value.logEvents);
}

/**
 * `2026-01-31T12:00:00.000Z {`, as CloudWatch Logs exports to S3; `aws logs tail` puts the stream's
 * name in between.
 */
const timeBefore = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d) (?:\S+ )?(?=\{)/;

/** As far as to look for the start of a message; a log stream's name has 512 characters at most. */
export const timeBeforeAtMost = 600;

/**
 * The length of what CloudWatch Logs wrote before the message that a line holds; 0 when it did not.
 */
export function lengthOfTimeBefore(line: string): number {
  return timeBefore.exec(line)?.[0].length ?? 0;
}
