import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { CommandError, exitCode } from './terminal/exit-code';
import { fitHelp, flowing, helpColumns } from './terminal/help-layout';
import { terminalText } from './terminal/streams/safe-text';
import { sayLast, sayMistake } from './terminal/streams/standard-error';
import { verbs } from './verbs';

const examples = `
Examples:
  rewind status                          where all services stand
  rewind wait prod/web --timeout 25m     the truth for CI, behind any deployment
  rewind rollback prod/web               go back, seeing what you go back to

Exit codes are those of sysexits, and each command's help lists its own.`;

/** Does what the command line asks for, and sets the exit code of this process. Never throws. */
export async function runProgram(given: readonly string[]): Promise<void> {
  const parameters = asAsked(given);
  const isJson = wantsJsonErrors(parameters);
  const program = new Command('rewind')
    .description(manifest.description)
    .version(manifest.version, '-v, --version')
    .helpCommand(false)
    // The same text everywhere but on a narrow terminal: the README quotes it.
    .configureHelp({
      helpWidth: helpColumns(),
      commandDescription: (command) => flowing(command.description()),
    })
    .configureOutput({
      writeOut: (text) => process.stdout.write(terminalText(fitHelp(text))),
      writeErr: (text) => process.stderr.write(terminalText(text)),
      // As ours do: no word before the sentence.
      outputError: (text, write) => {
        const sentence = text.replace(/^error: /, '');
        if (isJson) sayLast({ sentence: sentence.trim(), exitCode: exitCode.usage }, isJson);
        else write(sentence);
      },
    })
    .addHelpText('after', examples)
    .exitOverride();
  const isHelp = parameters.some((word) => word === '--help' || word === '-h');
  const isAll = !isHelp && verbs.some(({ name, needsAll }) => needsAll === true && parameters[0] === name);
  for (const verb of verbs) await addVerb(program, verb, isAll || parameters.includes(verb.name));
  try {
    await program.parseAsync(parameters, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error, isJson);
  }
}

/** `rewind`, `rewind help` and `rewind help wait` ask for a help as well. */
function asAsked(given: readonly string[]): readonly string[] {
  const [first, ...rest] = given;
  if (first === undefined) return ['--help'];
  const asked = first === 'help' ? [...rest, '--help'] : given;
  const [word = ''] = asked;
  // Of a command that is not there no help is given.
  const isThere = word.startsWith('-') || verbs.some(({ name }) => name === word);
  return isThere ? asked : [word];
}

/** The command that is asked for, in full; of each other, what the help of `rewind` says of it. */
async function addVerb(
  program: Command,
  { name, parameters, summary, isGroup, load }: (typeof verbs)[number],
  isAskedFor: boolean,
): Promise<void> {
  if (isAskedFor) {
    (await load())(program);
    program.commands.at(-1)?.summary(summary);
    return;
  }
  const command = program.command(`${name} ${parameters}`.trim()).summary(summary);
  // By one option the help knows that there are some.
  if (!isGroup) command.option('--format');
}

/** Whoever reads JSON reads why there is none as JSON, too. */
function wantsJsonErrors(parameters: readonly string[]): boolean {
  const hasPlainErrors = verbs.some(
    ({ name, plainErrors }) => plainErrors === true && parameters[0] === name,
  );
  const isAskedFor = parameters.some(
    (word, index) => word === '--format=json' || (word === '--format' && parameters[index + 1] === 'json'),
  );
  return isAskedFor && !hasPlainErrors;
}

function exitCodeOf(error: unknown, isJson: boolean): number {
  // Commander has printed its own sentence, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof CommandError) {
    sayLast({ sentence: error.message, exitCode: error.exitCode, list: error.list }, isJson);
    return error.exitCode;
  }
  sayMistake(error);
  return exitCode.software;
}
