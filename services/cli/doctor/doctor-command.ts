import { type Command, InvalidArgumentError, Option } from 'commander';
import colours from 'picocolors';
import manifest from '../../../package.json' with { type: 'json' };
import { waitingSystemClock } from '../../runtime/clock';
import { endpointOption, regionOption } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import { addFormatOption, type Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';
import type { CheckResult } from './check-result';
import { formatCheckResult, formatCheckTotal } from './check-results-text';

interface DoctorOptions {
  readonly stack?: string;
  readonly stage?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  readonly endpoint?: string;
  readonly probe: boolean;
  readonly wait: number;
  readonly format: Format;
}

const description = `Check a deployed stack from outside: its rules, queues, functions, roles, log and policy, and
whether a notification put on the bus reaches the log and wakes the reconciler. Print a line for each
check, and what to do about each fault.

Credentials and region come from the environment, as for the AWS CLI. The only thing written is the
probe, which has a stream of its own and is removed again.`;

const help = `
Exit codes:
  0   no fault was found
  1   a fault was found
  64  the command line is wrong
  69  AWS, or the local stack, does not answer`;

/** Adds `rewind doctor` to the program. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description(description)
    .option('--stack <NAME>', 'the stack of CloudFormation (default: "rewind-" and the stage)')
    .option('--stage <STAGE>', 'the stage that was deployed (default: "dev"; "local" with --endpoint-url)')
    .option('--profile <NAME>', 'a profile of the AWS configuration files (AWS_PROFILE)')
    .option(...regionOption)
    .option(...endpointOption('the local stack, at the address that "npm start -- --keep" prints'))
    .addOption(new Option('--endpoint <URL>', 'as --endpoint-url').hideHelp())
    .option('--wait <SECONDS>', 'how long the probe may take', parseSeconds, 60)
    .option('--no-probe', 'only look: send no probe');
  addFormatOption(command)
    .addHelpText('after', help)
    .action(async (options: DoctorOptions) => {
      process.exitCode = await doctor(options);
    });
}

async function doctor(options: DoctorOptions): Promise<number> {
  // Which Node the SDK will want next year is no finding of the stack.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const found: CheckResult[] = [];
  const endpoint = options.endpointUrl ?? options.endpoint;
  const stage = options.stage ?? process.env.REWIND_STAGE ?? (endpoint === undefined ? 'dev' : 'local');
  const name = options.stack ?? `rewind-${stage}`;
  try {
    for await (const finding of await findingsOn(name, options)) {
      // What is to be done about several things at once is said with the first.
      const isSaid = finding.hint === found.at(-1)?.hint;
      found.push(finding);
      const told = isSaid ? { ...finding, hint: null } : finding;
      if (options.format === 'text') await printText([formatCheckResult(told, colours)]);
    }
  } catch (cause) {
    const { name: error, message } = cause as Error;
    const said = `${name} cannot be asked for: ${error}: ${message}`;
    throw new CommandError(said, exitCode.unavailable, { cause });
  }
  const document = { schema: 'rewind.doctor/1', stack: name, version: manifest.version, findings: found };
  if (options.format === 'json') await printJson([`${JSON.stringify(document, null, 2)}\n`]);
  else await printText([formatCheckTotal(found)]);
  return found.some(({ result }) => result === 'failed') ? exitCode.faultFound : exitCode.done;
}

async function findingsOn(name: string, options: DoctorOptions): Promise<AsyncIterable<CheckResult>> {
  // They bring the AWS SDK along, for which no other command has to wait.
  const { awsStack } = await import('../../aws/stack/aws-stack');
  const { StackConnection } = await import('../../aws/stack/connection');
  const { examine } = await import('./examination');
  const { region, profile, probe, wait } = options;
  const endpoint = options.endpointUrl ?? options.endpoint;
  const connection = new StackConnection({
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const stack = awsStack(name, connection);
  const probeSeconds = probe ? wait : null;
  return examine({ name, stack, version: manifest.version, probeSeconds, clock: waitingSystemClock });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError('It is a number of seconds above 0.');
}
