import {
  type CloudFormationClient,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation';

/** A stack of Rewind's, and the table of its log. */
export interface TableOfStack {
  readonly stack: string;
  readonly table: string;
  /** The parameter that stops it; null where its stack does not tell. */
  readonly killSwitch: string | null;
}

const tableOutput = 'EventLogTableName';
const killSwitchOutput = 'KillSwitchName';

/**
 * The stacks of Rewind that this account and region has: the one that is named, or all. Empty where
 * there is none. Throws what the SDK throws.
 */
export async function stackTables(
  client: CloudFormationClient,
  name: string | null,
): Promise<TableOfStack[]> {
  const found: TableOfStack[] = [];
  try {
    for await (const { Stacks = [] } of paginateDescribeStacks(
      { client },
      name === null ? {} : { StackName: name },
    )) {
      found.push(...Stacks.flatMap(tableOf));
    }
  } catch (error) {
    // CloudFormation has no error of its own for a stack that is not there.
    if ((error as Error).message.includes('does not exist')) return [];
    throw error;
  }
  return found;
}

function tableOf({ StackName = '', Outputs = [] }: Stack): TableOfStack[] {
  const outputOf = (key: string) => Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const table = outputOf(tableOutput);
  return table === undefined
    ? []
    : [{ stack: StackName, table, killSwitch: outputOf(killSwitchOutput) ?? null }];
}
