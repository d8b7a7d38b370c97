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
