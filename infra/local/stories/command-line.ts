import { parseArgs } from 'node:util';
import { CommandError, exitCode } from '../../../services/cli/terminal/exit-code';
import { readStories } from './scenario/story-folder';

export interface StartOptions {
  /** The name of a story of docs/scenarios. */
  readonly scenario: string;
  readonly speed: number;
  /** Whether the stack stays when the story is told. */
  readonly keep: boolean;
  /** Whether what the functions log is shown instead of kept. */
  readonly verbose: boolean;
}

type CommandLine = { readonly show: 'help' | 'list' } | StartOptions;

/** The story that is played unless the command line names another. */
export const defaultStory = 'crash-loop';

const defaultSpeed = 20;
/**
 * What Rewind does in real time takes as many times longer in simulated time: faster than this, it
 * can no longer be sure to call ECS within the half minute that its lease leaves it.
 */
const speeds = { least: 1, most: 100 };

/** Throws CommandError, in one sentence, for what cannot be played. */
export function parseCommandLine(parameters: readonly string[]): CommandLine {
  const values = parse(parameters);
  if (values.help) return { show: 'help' };
  if (values.list) return { show: 'list' };
  const { scenario = defaultStory, speed = String(defaultSpeed), keep = false, verbose = false } = values;
  const stories = readStories();
  if (!stories.has(scenario)) {
    const names = [...stories.keys()].join(', ');
    throw new CommandError(`there is no scenario "${scenario}": choose one of ${names}`, exitCode.usage);
  }
  return { scenario, speed: parseSpeed(speed), keep, verbose };
}

function parse(parameters: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        scenario: { type: 'string' },
        speed: { type: 'string' },
        keep: { type: 'boolean' },
        verbose: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (cause) {
    // Node adds advice for developers behind the first sentence.
    const [sentence] = (cause as Error).message.split(/[.\n] ?/);
    throw new CommandError(`${sentence}; npm start -- --help tells what there is`, exitCode.usage, { cause });
  }
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && speed >= speeds.least && speed <= speeds.most) return speed;
  const range = `${speeds.least} to ${speeds.most}`;
  throw new CommandError(`--speed must be a number from ${range}, not "${text}"`, exitCode.usage);
}

export function formatList(): string {
  const stories = [...readStories()];
  const longest = Math.max(...stories.map(([{ length }]) => length));
  const lines = stories.map(([name, { about }]) => `  ${name.padEnd(longest)}  ${about}`);
  return `${lines.join('\n')}\n`;
}

export function formatHelp(): string {
  return `Usage: npm start -- [options]

Runs Rewind on this machine: all that is deployed, on DynamoDB Local and a simulated Amazon ECS.
A service runs web:1, then web:2 is deployed; what follows is told as the event log grows.

Options:
  --scenario <name>  what is wrong with web:2 (default: ${defaultStory})
  --speed <n>        seconds that pass in one of the wall's, ${speeds.least} to ${speeds.most} (default: ${defaultSpeed})
  --keep             leave everything running afterwards, and say where; Ctrl-C ends it
  --verbose          write what the functions log to stderr instead of .rewind/functions.log
  --list             name the scenarios
  -h, --help         this text

Scenarios:
${formatList()}
Exit codes:
  0    the story ended as it has to: for most scenarios, ECS runs web:1 again, healthy, after one rollback
  1    it did not, and the last line says in what
  64   the command line is wrong
  69   something is missing: Java 17 or newer
  130  ended by Ctrl-C (143: by SIGTERM); no process, port or file is left but the folder .rewind/
`;
}
