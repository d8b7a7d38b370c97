import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { parseScenario, ScenarioFileError } from '../../../infra/local/stories/scenario/scenario-file';
import type { Scenario } from '../../../infra/local/stories/scenario/scenario-schema';
import { type PolicyFile, parsePolicyFile } from '../../policy/policy-file';
import { PolicyFileError } from '../../policy/policy-text';
import { rollbackUnasked } from '../rollback/unasked-rollback';
import { CommandError, exitCode } from '../terminal/exit-code';
import { printLine } from '../terminal/streams/standard-output';
import { fileTrouble, readTextFile } from '../terminal/text-file';

interface SimulateOptions {
  readonly seed?: number;
  readonly speed?: number;
  readonly out?: string;
  /** Undefined where neither --rewind nor --no-rewind is given. */
  readonly rewind?: boolean;
}

const description = `Play a scenario on a simulated ECS: with ECS's own protection, with Rewind, or with neither. Print
what happens when, and how each rollout ends. It needs no database, account or network, and the same
seed plays the same story.

SCENARIO is a YAML file; docs/scenarios has some, and says what one can contain.`;

const help = `
Exit codes:
  0   the story ran to its end
  1   it did not end as its scenario says that it must
  64  the command line is wrong
  65  the scenario is wrong
  66  the scenario cannot be read
  69  FILE cannot be written`;

/** Adds `rewind simulate` to the program. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description(description)
    .argument('<SCENARIO>', 'the scenario to play')
    .option('--seed <N>', "the seed of everything random, instead of the scenario's own", parseSeed)
    .option('--speed <X>', 'seconds of the story in one second (default: as fast as possible)', parseSpeed)
    .option('--out <FILE>', 'write the notifications to FILE as JSON Lines, for "rewind replay"')
    .option('--rewind', 'with Rewind, whatever the scenario says')
    .option('--no-rewind', 'without Rewind, whatever the scenario says')
    .addHelpText('after', help)
    .action((fileName: string, options: SimulateOptions) => simulate(fileName, options));
}

async function simulate(fileName: string, options: SimulateOptions): Promise<void> {
  const scenario = await readScenario(fileName);
  // It brings the AWS SDK along, for which no other command has to wait.
  // Which Node the SDK will want next year is no part of the story.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { runSimulation } = await import('../../../infra/local/stories/simulation');
  const { faultsOf } = await import('../../../infra/local/stories/ending');
  const { formatRolloutEnd } = await import('../../../infra/local/stories/rollout-ends');
  const withRewind = options.rewind ?? scenario.rewind;
  requireRewind(scenario, withRewind);
  const notifications: string[] = [];
  printLine(scenario.about);
  printLine('');
  const { ends, result } = await runSimulation({
    scenario,
    seed: options.seed ?? scenario.seed,
    rewind: withRewind ? policiesOf(scenario, fileName) : null,
    rollback: rollbackUnasked,
    speed: options.speed ?? null,
    print: printLine,
    deliver: (envelope) => notifications.push(JSON.stringify(envelope)),
  });
  printLine('');
  for (const end of ends) printLine(formatRolloutEnd(end));
  if (options.out !== undefined) await writeLines(options.out, notifications);
  if (!withRewind || scenario.ends === undefined) return;
  const faults = faultsOf(result, scenario.ends);
  if (faults.length === 0) return;
  const sentence = `the story has not ended as it has to: ${faults.join('; ')}`;
  throw new CommandError(sentence, exitCode.faultFound);
}

/** A step that waits for a stable service would wait for ever where nobody judges. */
function requireRewind({ steps }: Scenario, withRewind: boolean): void {
  if (withRewind || steps.every(({ when }) => when === undefined)) return;
  const sentence = 'a step of this story waits until Rewind calls a service stable: it needs --rewind';
  throw new CommandError(sentence, exitCode.usage);
}

async function readScenario(fileName: string): Promise<Scenario> {
  const text = await readTextFile(fileName, 'the scenario');
  try {
    return parseScenario(text, fileName);
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    throw new CommandError(error.message, exitCode.data, { cause: error });
  }
}

function policiesOf({ policy }: Scenario, fileName: string): PolicyFile {
  try {
    return parsePolicyFile(JSON.stringify(policy), `${fileName}, policy`);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    throw new CommandError(error.message, exitCode.data, { cause: error });
  }
}

async function writeLines(fileName: string, lines: readonly string[]): Promise<void> {
  const file = createWriteStream(fileName);
  try {
    await once(file, 'open');
    for (const line of lines) if (!file.write(`${line}\n`)) await once(file, 'drain');
    file.end();
    await once(file, 'close');
  } catch (cause) {
    const why = fileTrouble(cause) ?? String(cause);
    throw new CommandError(`${fileName} cannot be written: ${why}`, exitCode.unavailable, { cause });
  }
}

function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new InvalidArgumentError('It is a number above 0.');
}
