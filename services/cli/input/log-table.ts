import { isServiceArn, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { TablePage, TableRange } from '../../event-log/table-pages';
import { isProbeStream } from '../../notifications/own/probe-stream';
import type { PlaceOptions } from '../session/place-options';
import { requiredTable } from '../session/session';
import { askAws } from '../terminal/aws-options';
import { parsedServiceArn, serviceNamed } from '../terminal/service-name';

/** The table of the event log, as commands read it. */
export interface LogTable {
  readonly name: string;
  pages(range: TableRange): AsyncGenerator<TablePage>;
  /**
   * The service that a name means among those of the table; an ARN is taken as it is. Throws
   * CommandError.
   */
  serviceArn(name: string): Promise<ServiceArn>;
}

/**
 * Opens the table that the options name. The SDK is loaded here, for which no other command has to
 * wait.
 */
export async function openTable(reach: PlaceOptions, pageSize?: number): Promise<LogTable> {
  const name = await requiredTable(reach);
  const { keysOfTable, tablePages } = await import('../../event-log/table-pages');
  const { dynamoDbAt } = await import('../../runtime/command-clients');
  const options = { client: dynamoDbAt(reach), table: name, ...(pageSize === undefined ? {} : { pageSize }) };
  return {
    name,
    pages: (range) => tablePages(options, range),
    async serviceArn(text) {
      if (text.startsWith('arn:')) return parsedServiceArn(text);
      const known = await askAws(`the table ${name}`, () => servicesAmong(keysOfTable(options)));
      return serviceNamed(text, known, `the table ${name}`);
    },
  };
}

async function servicesAmong(keys: AsyncIterable<string>): Promise<ServiceArn[]> {
  const services: ServiceArn[] = [];
  for await (const key of keys) if (isServiceArn(key) && !isProbeStream(key)) services.push(key);
  return services;
}

/** Every event of a range, page after page. Throws CommandError where the table cannot be read. */
export async function eachPage(
  table: LogTable,
  range: TableRange,
  take: (page: TablePage) => Promise<void> | void,
): Promise<void> {
  await askAws(`the table ${table.name}`, async () => {
    for await (const page of table.pages(range)) await take(page);
  });
}
