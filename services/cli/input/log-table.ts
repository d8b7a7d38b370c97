import { parseServiceArn, partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { TablePage, TableRange } from '../../event-log/table-pages';
import { askAws, requiredTableName, type TableReach } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';

/** The table of the event log, as commands read it. */
export interface LogTable {
  readonly name: string;
  pages(range: TableRange): AsyncGenerator<TablePage>;
  /**
   * The ARN of a service that is named by it, or as cluster/service where the table's own account
   * and region have it.
   */
  serviceArn(name: string): Promise<ServiceArn>;
}

/**
 * Opens the table that the options name. The SDK is loaded here, for which no other command has to
 * wait.
 */
export async function openTable(reach: TableReach, pageSize?: number): Promise<LogTable> {
  const name = requiredTableName(reach);
  const { anyServiceIn, tablePages } = await import('../../event-log/table-pages');
  const { dynamoDbAt } = await import('../../runtime/command-clients');
  const options = { client: dynamoDbAt(reach), table: name, ...(pageSize === undefined ? {} : { pageSize }) };
  return {
    name,
    pages: (range) => tablePages(options, range),
    async serviceArn(text) {
      if (text.startsWith('arn:')) return parsed(text);
      const known = await askAws(`the table ${name}`, () => anyServiceIn(options));
      if (known === null) throw new CommandError(`the table ${name} is empty`, exitCode.data);
      const { partition, region, account } = partsOfService(known);
      return parsed(`arn:${partition}:ecs:${region}:${account}:service/${text}`);
    },
  };
}

function parsed(text: string): ServiceArn {
  try {
    return parseServiceArn(text);
  } catch (error) {
    throw new CommandError(`SERVICE: ${(error as Error).message}`, exitCode.usage, { cause: error });
  }
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
