import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { Instant } from '../../state-machines/log/instant';

/**
 * The messages of a log group since an instant, a page at a time; a page may be empty, and more
 * follow. CloudWatch allows few calls a second: the client's own retries wait for that. What it
 * throws after them is passed on.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function* logGroupPages(
  client: CloudWatchLogsClient,
  { name, since }: { readonly name: string; readonly since: Instant },
): AsyncGenerator<readonly string[]> {
  const input = { logGroupName: name, startTime: since };
  for await (const { events = [] } of paginateFilterLogEvents({ client }, input)) {
    yield events.flatMap(({ message }) => message ?? []);
  }
}
