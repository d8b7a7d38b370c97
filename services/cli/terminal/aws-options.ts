import type { Command } from 'commander';
import type { Reach } from '../../runtime/command-clients';
import { CommandError, exitCode } from './exit-code';

export interface TableReach extends Reach {
  readonly table?: string;
}

/** The options of every command that reads the event log. */
export function addTableOptions(command: Command): Command {
  return command
    .option(...tableOption)
    .option(...regionOption)
    .option('--endpoint-url <URL>', 'where to ask instead of AWS');
}

export const tableOption = ['--table <NAME>', 'the table of the event log (REWIND_TABLE)'] as const;
export const regionOption = ['--region <REGION>', 'AWS region (AWS_REGION)'] as const;

/** The table that was named; throws CommandError where none was. */
export function requiredTableName({ table }: TableReach): string {
  const name = table ?? process.env.REWIND_TABLE;
  if (name) return name;
  throw new CommandError('--table or REWIND_TABLE must name the table of the event log', exitCode.usage);
}

/** Runs what asks AWS; throws CommandError, with what was asked, where AWS does not answer. */
export function askAws<Result>(what: string, ask: () => Promise<Result>): Promise<Result> {
  return callAws(`${what} cannot be read`, ask);
}

/** The same for what changes something. */
export function changeAws<Result>(what: string, change: () => Promise<Result>): Promise<Result> {
  return callAws(`${what} is left as it is`, change);
}

async function callAws<Result>(trouble: string, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!isOfAws(error)) throw error;
    const { name, message } = error as Error;
    const code = isDenial.test(name) ? exitCode.denied : exitCode.unavailable;
    throw new CommandError(`${trouble}: ${name}: ${message}${hintFor(message)}`, code, {
      cause: error,
    });
  }
}

const isDenial = /^AccessDenied|UnauthorizedOperation$/;

function hintFor(message: string): string {
  return /Region is missing/.test(message) ? ': say --region, or set AWS_REGION' : '';
}

/**
 * What services answer carries metadata; what the SDK itself or the network says has a name or a
 * code of its own.
 */
function isOfAws(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof CommandError) return false;
  const isOfSdk =
    '$metadata' in error || '$fault' in error || /Credentials|Region|TimeoutError/.test(error.name);
  return (
    isOfSdk ||
    /Region is missing/.test(error.message) ||
    (error as NodeJS.ErrnoException).syscall === 'connect'
  );
}
