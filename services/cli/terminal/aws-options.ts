import { type Command, InvalidArgumentError } from 'commander';
import { type Instant, instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import { parseInstant } from '../../notifications/instant-text';
import { systemClock } from '../../runtime/clock';
import type { Reach } from '../../runtime/command-clients';
import { CommandError, exitCode } from './exit-code';

export interface TableReach extends Reach {
  readonly table?: string;
}

/** The options of every command that asks AWS. */
export function addReachOptions(command: Command): Command {
  return command
    .option('--region <REGION>', 'AWS region (AWS_REGION)')
    .option('--endpoint-url <URL>', 'where to ask instead of AWS');
}

/** The options of every command that reads the event log. */
export function addTableOptions(command: Command): Command {
  return addReachOptions(command.option('--table <NAME>', 'the table of the event log (REWIND_TABLE)'));
}

/** The table that was named; throws CommandError where none was. */
export function tableNameOf({ table }: TableReach): string {
  const name = table ?? process.env.REWIND_TABLE;
  if (name) return name;
  throw new CommandError('--table or REWIND_TABLE must name the table of the event log', exitCode.usage);
}

const unitSeconds: { readonly [unit: string]: number } = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A time, or how long ago: `7d`, `12h`, `2026-01-31T12:00:00Z`. Throws commander's error for anything else. */
export function parseSince(text: string): Instant {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) {
    return instantFrom(Math.max(0, secondsAfter(systemClock(), -Number(count) * (unitSeconds[unit] ?? 0))));
  }
  try {
    return parseInstant(text);
  } catch {
    throw new InvalidArgumentError(
      'It is a time such as 2026-01-31T12:00:00Z, or how long ago: 90m, 12h, 7d.',
    );
  }
}

/** Runs what asks AWS; throws CommandError, with what was asked, where AWS does not answer. */
export async function askAws<Result>(what: string, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!isOfAws(error)) throw error;
    const { name, message } = error as Error;
    throw new CommandError(`${what} cannot be read: ${name}: ${message}`, exitCode.unavailable, {
      cause: error,
    });
  }
}

/** What services answer carries metadata; what the SDK itself or the network says has a name or a code of its own. */
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
