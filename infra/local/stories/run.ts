import { CommandError, exitCode } from '../../../services/cli/terminal/exit-code';
import { JavaMissingError } from '../aws/dynamodb/java';
import { StoppedBySignalError } from '../stop-signals';
import { formatHelp, formatList, parseCommandLine } from './command-line';
import { perform } from './performance';
import { StoryStuckError } from './play-on-stack';

/**
 * The program: plays what the command line asks for, and returns the exit code. Whatever happens,
 * nothing is left running.
 */
export async function run(parameters: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    const commandLine = parseCommandLine(parameters);
    if (!('show' in commandLine)) return (await perform(commandLine, signal)) ? exitCode.done : failed;
    process.stdout.write(commandLine.show === 'help' ? formatHelp() : formatList());
    return exitCode.done;
  } catch (error) {
    return exitCodeOf(error);
  }
}

const failed = 1;

/**
 * Says what the person at the terminal can put right, in a sentence; throws what only a developer
 * can.
 */
function exitCodeOf(error: unknown): number {
  if (error instanceof StoppedBySignalError) return error.exitCode;
  const code = codeOf(error);
  if (code === null) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  return code;
}

function codeOf(error: unknown): number | null {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof JavaMissingError) return exitCode.unavailable;
  return error instanceof StoryStuckError ? failed : null;
}
