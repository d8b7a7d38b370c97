import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { parseScenario, ScenarioFileError } from '../../../infra/local/stories/scenario/scenario-file';
import type { Scenario } from '../../../infra/local/stories/scenario/scenario-schema';
import { type PolicyFile, parsePolicyFile } from '../../policy/policy-file';
import { PolicyFileError } from '../../policy/policy-text';
import { rollbackUnasked } from '../rollback/unasked-rollback';
import { CommandError, exitCode } from '../terminal/exit-code';
import { printLine } from '../terminal/streams/standard-output';
import { fileTrouble, readTextFile } from '../terminal/text-file';

export interface SimulateOptions {
  readonly seed?: number;
  readonly speed?: number;
  readonly out?: string;
  /** Undefined where neither --rewind nor --no-rewind is given. */
  readonly rewind?: boolean;
}

/** Plays a scenario, and says how it ended. Throws CommandError. */
export async function simulate(fileName: string, options: SimulateOptions): Promise<void> {
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
