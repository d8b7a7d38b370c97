import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  type ResultField,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Instant, instantFrom, secondsAfter } from '../../../../state-machines/log/instant';
import { type ArmCounts, windowSeconds } from '../../../../state-machines/log/measuring/measurement';
import { backEndMilliseconds, type MetricBackEnd, UnreadableAnswerError } from './back-end';
import type { VersionTasks } from './version-tasks';

interface LogParts {
  readonly logs: CloudWatchLogsClient;
  /** Which tasks are of which version: log streams are named for tasks. */
  readonly tasksOf: VersionTasks;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * Plain lines of containers in CloudWatch Logs. `events` and `total` are conditions of Logs
 * Insights, such as `@message like /ERROR/`; no `total` counts all lines. The names of log streams
 * that the driver awslogs writes end with the id of a task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
export function logsBackEnd({ logs, tasksOf, pause }: LogParts): MetricBackEnd {
  return {
    async read({ service, metric, versions, windows }) {
      const logGroup = metric.provider.logs?.logGroup ?? '';
      const ask = (condition: string) => linesCounted({ logs, pause }, { logGroup, condition, windows });
      const [tasks, total, events] = await Promise.all([
        tasksOf(service, versions),
        ask(metric.total),
        ask(metric.events),
      ]);
      return versions.map((version) => {
        const own = tasks.get(version) ?? new Set<string>();
        const minutes = linesInMinutes(sumsByMinute(total, own), sumsByMinute(events, own));
        return { minutes, isPartial: total.length >= largestAnswer || events.length >= largestAnswer };
      });
    },
  };
}

/** Logs Insights gives no more rows; more would be cut off without a word. */
const largestAnswer = 10_000;
const pollMilliseconds = 500;

interface LogQuestion {
  readonly logGroup: string;
  readonly condition: string;
  readonly windows: readonly Instant[];
}

/** So many lines of a log stream in the minute that ends then. */
interface CountedLines {
  readonly stream: string;
  readonly until: Instant;
  readonly lines: number;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html */
async function linesCounted(
  { logs, pause }: Pick<LogParts, 'logs' | 'pause'>,
  { logGroup, condition, windows }: LogQuestion,
): Promise<CountedLines[]> {
  const [first, last] = [windows[0] ?? instantFrom(0), windows.at(-1) ?? instantFrom(0)];
  const filter = condition === '' ? '' : `filter ${condition} | `;
  const { queryId } = await logs.send(
    new StartQueryCommand({
      logGroupName: logGroup,
      queryString: `${filter}stats count(*) as lines by @logStream, bin(1m) as minute | limit ${largestAnswer}`,
      startTime: (first - windowSeconds * 1000) / 1000,
      // Inclusive, in whole seconds.
      endTime: last / 1000 - 1,
    }),
  );
  for (let waited = 0; waited < backEndMilliseconds; waited += pollMilliseconds) {
    const { status, results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') return results.map(countedLines);
    if (status !== 'Running' && status !== 'Scheduled') {
      throw new UnreadableAnswerError(`Logs Insights ends the query as ${status ?? 'unknown'}`);
    }
    await pause(pollMilliseconds);
  }
  throw new UnreadableAnswerError('Logs Insights takes longer than 10 s for the query');
}

/** `2026-01-01 00:00:00.000`, in UTC, is the start of a minute. */
function countedLines(row: readonly ResultField[]): CountedLines {
  const cell = (name: string) => row.find(({ field }) => field === name)?.value ?? '';
  const start = Date.parse(`${cell('minute').replace(' ', 'T')}Z`);
  const lines = Number(cell('lines'));
  if (!Number.isFinite(start) || !Number.isFinite(lines)) {
    throw new UnreadableAnswerError('Logs Insights answers with a row without minute or number');
  }
  return { stream: cell('@logStream'), until: secondsAfter(instantFrom(start), windowSeconds), lines };
}

function sumsByMinute(counted: readonly CountedLines[], tasks: ReadonlySet<string>): Map<Instant, number> {
  const sums = new Map<Instant, number>();
  for (const { stream, until, lines } of counted) {
    if (tasks.has(stream.split('/').at(-1) ?? '')) sums.set(until, (sums.get(until) ?? 0) + lines);
  }
  return sums;
}

function linesInMinutes(total: ReadonlyMap<Instant, number>, events: ReadonlyMap<Instant, number>) {
  const minutes = new Map<Instant, ArmCounts>();
  for (const [until, requests] of total) minutes.set(until, { requests, events: events.get(until) ?? 0 });
  return minutes;
}
