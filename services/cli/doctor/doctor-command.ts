import { type Command, InvalidArgumentError, Option } from 'commander';
import colours from 'picocolors';
import manifest from '../../../package.json' with { type: 'json' };
import type { StackConnection } from '../../aws/stack/connection';
import { waitingSystemClock } from '../../runtime/clock';
import { onlyStack } from '../session/session';
import { askAws, awsRefusal, endpointOption, regionOption } from '../terminal/aws-options';
import { exitCode } from '../terminal/exit-code';
import { addFormatOption, type Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';
import { type CheckResult, resultsOfCheck } from './check-result';
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

Where there is one stack of Rewind only, it need not be named. Credentials and region come from the
environment, as for the AWS CLI. The only thing written is the
probe, which has a stream of its own and is removed again.`;

const help = `
Examples:
  rewind doctor
  rewind doctor --stage prod --region eu-central-1
  rewind doctor --no-probe --format json

Exit codes:
  0   no fault was found
  1   a fault was found
  64  the command line is wrong
  69  AWS, or the local stack, does not answer
  77  AWS refuses the right to look at the stack`;

/** Adds `rewind doctor` to the program. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description(description)
    .option('--stage <STAGE>', 'the stage that was deployed (REWIND_STAGE)')
    .option('--stack <NAME>', 'its stack of CloudFormation, where that is not "rewind-" and the stage')
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
  const connection = await connectionFor(options);
  const name = await stackName(options, connection);
  try {
    for await (const finding of findingsOn(name, connection, options)) {
      // What is to be done about several things at once is said with the first.
      const isSaid = finding.hint === found.at(-1)?.hint;
      found.push(finding);
      const told = isSaid ? { ...finding, hint: null } : finding;
      if (options.format === 'text') await printText([formatCheckResult(told, colours)]);
    }
  } catch (error) {
    throw awsRefusal(`${name ?? 'the stack'} cannot be looked at`, error);
  }
  const document = { schema: 'rewind.doctor/1', stack: name, version: manifest.version, findings: found };
  if (options.format === 'json') await printJson([`${JSON.stringify(document, null, 2)}\n`]);
  else await printText([formatCheckTotal(found)]);
  return found.some(({ result }) => result === 'failed') ? exitCode.faultFound : exitCode.done;
}

/** The stack that is named, or the only one that there is; null where there is none. */
async function stackName(
  { stack, stage = process.env.REWIND_STAGE }: DoctorOptions,
  { cloudFormation }: StackConnection,
): Promise<string | null> {
  if (stack !== undefined) return stack;
  if (stage) return `rewind-${stage}`;
  const { stackTables } = await import('../../aws/operator/stack-tables');
  const found = await askAws('the stacks of CloudFormation', () => stackTables(cloudFormation, null));
  return onlyStack(found)?.stack ?? null;
}

async function connectionFor(options: DoctorOptions): Promise<StackConnection> {
  // It brings the AWS SDK along, for which no other command has to wait.
  const { StackConnection } = await import('../../aws/stack/connection');
  const { region, profile } = options;
  const endpoint = options.endpointUrl ?? options.endpoint;
  return new StackConnection({
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

async function* findingsOn(
  name: string | null,
  connection: StackConnection,
  { probe, wait }: DoctorOptions,
): AsyncIterable<CheckResult> {
  if (name === null) {
    const hint = 'look in another region, or name its stack with --stage or --stack, or deploy it';
    yield resultsOfCheck('stack').failed('no stack of Rewind is in this account and region', hint);
    return;
  }
  const { awsStack } = await import('../../aws/stack/aws-stack');
  const { examine } = await import('./examination');
  const stack = awsStack(name, connection);
  const probeSeconds = probe ? wait : null;
  yield* examine({ name, stack, version: manifest.version, probeSeconds, clock: waitingSystemClock });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError('It is a number of seconds above 0.');
}
