import { type Command, InvalidArgumentError } from 'commander';
import type { SimulateOptions } from './simulation-run';

const description = `Play a scenario on a simulated ECS: with ECS's own protection, with Rewind, or with neither. Print
what happens when, and how each rollout ends. It needs no database, account or network, and the same
seed plays the same story.

SCENARIO is a YAML file; docs/scenarios has some, and says what one can contain.`;

const help = `
Examples:
  rewind simulate story.yml --rewind
  rewind simulate story.yml --no-rewind --out events.jsonl

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
    .action(async (fileName: string, options: SimulateOptions) => {
      const { simulate } = await import('./simulation-run');
      await simulate(fileName, options);
    });
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
