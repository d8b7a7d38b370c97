import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { CommandError, exitCode } from './terminal/exit-code';
import { terminalText } from './terminal/streams/safe-text';
import { say } from './terminal/streams/standard-error';
import { verbs } from './verbs';

/** Does what the command line asks for, and sets the exit code of this process. Never throws. */
export async function runProgram(parameters: readonly string[]): Promise<void> {
  const program = new Command('rewind')
    .description(manifest.description)
    .version(manifest.version)
    .helpCommand(false)
    // The same text everywhere: the README quotes it.
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => process.stdout.write(terminalText(text)),
      writeErr: (text) => process.stderr.write(terminalText(text)),
    })
    .exitOverride();
  for (const verb of verbs) await addVerb(program, verb, parameters);
  try {
    await program.parseAsync(parameters, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** The command that is asked for, in full; of each other, what the help of `rewind` says of it. */
async function addVerb(
  program: Command,
  { name, parameters: shown, summary, isGroup, load }: (typeof verbs)[number],
  parameters: readonly string[],
): Promise<void> {
  if (parameters.includes(name)) {
    (await load())(program);
    program.commands.at(-1)?.summary(summary);
    return;
  }
  const command = program.command(`${name} ${shown}`.trim()).summary(summary);
  // By one option the help knows that there are some.
  if (!isGroup) command.option('--format');
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own sentence, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof CommandError) {
    say(error.message);
    for (const line of error.list) say(`  ${line}`);
    return error.exitCode;
  }
  const { stack = String(error) } = Object(error) as Error;
  process.stderr.write(`${terminalText(stack)}\n`);
  return exitCode.software;
}
