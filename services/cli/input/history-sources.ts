import type { Instant } from '../../../state-machines/log/instant';
import { exportEntry } from '../../event-log/export-line';
import type { PlaceOptions } from '../session/place-options';
import { askAws } from '../terminal/aws-options';
import { parsePast } from '../terminal/time-options';
import { openTable } from './log-table';

/** What `rewind replay` may be told to read besides files. */
export interface SourceOptions extends PlaceOptions {
  readonly service?: string;
  readonly logGroup?: string;
  readonly since?: Instant;
}

/** Values as a file would hold them, and where they come from. */
export interface HistorySource {
  readonly name: string;
  readonly values: AsyncIterable<unknown>;
}

const sinceByDefault = '7d';

/**
 * The log group and the stream of the event log that the options name. Reading them throws
 * CommandError where AWS does not answer.
 */
export function historySources(options: SourceOptions): HistorySource[] {
  const { logGroup, service } = options;
  return [
    ...(logGroup === undefined
      ? []
      : [{ name: `log group ${logGroup}`, values: messagesOf(logGroup, options) }]),
    ...(service === undefined ? [] : [{ name: service, values: eventsInTable(service, options) }]),
  ];
}

async function* messagesOf(name: string, { since, ...reach }: SourceOptions): AsyncGenerator<unknown> {
  const { logGroupPages } = await import('../../aws/log-group');
  const { cloudWatchLogsAt } = await import('../../runtime/command-clients');
  const range = { name, since: since ?? parsePast(sinceByDefault) };
  const pages = logGroupPages(cloudWatchLogsAt(reach), range);
  for (;;) {
    const { value, done } = await askAws(`the log group ${name}`, () => pages.next());
    if (done) return;
    for (const message of value) yield { message };
  }
}

async function* eventsInTable(service: string, { since, ...reach }: SourceOptions): AsyncGenerator<unknown> {
  const table = await openTable(reach);
  const range = { service: await table.serviceArn(service), since: since ?? null, until: null, after: null };
  const pages = table.pages(range);
  for (;;) {
    const { value, done } = await askAws(`the table ${table.name}`, () => pages.next());
    if (done) return;
    // What cannot be read is no JSON either: it is reported like any other such value.
    for (const { message } of value.unreadable) yield message;
    for (const recorded of value.events) yield exportEntry(recorded);
  }
}
