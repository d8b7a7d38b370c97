// Runs the simulation of everything: npm run simulate:faults. Exits with 1 when an oracle finds
// something.
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { Finding } from './oracles/oracles';
import { isPutBackName, type PutBackName, putBacks } from './put-back/put-backs';
import { findPutBack } from './put-back/until-found';
import { searchSeeds } from './search/search-seeds';
import { type RunResult, runSeed } from './search/seeded-run';
import { shrinkPlan } from './search/shrink';
import { Tally } from './search/tally';
import { planOf } from './world/plan';

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
  readonly putBack?: PutBackName;
  readonly without?: ReadonlySet<number>;
  readonly findPutBacks?: boolean;
}

const shrunkAtMost = 3;
const names = Object.entries(putBacks).map(([name, { fault }]) => `  ${name.padEnd(26)}${fault}`);

await new Command('simulate:faults')
  .description('Run the whole of Rewind on a simulated account, with faults, and judge what it did.')
  .option('--runs <N>', 'how many seeds to run', wholeNumber, 1000)
  .option('--seed <N>', 'the first seed', wholeNumber, 1)
  .option('--workers <N>', 'how many processes run beside each other', wholeNumber, availableParallelism())
  .option('--without <ITEMS>', "run one seed without these items of its plan, by number: '3,7'", itemNumbers)
  .option('--put-back <FAULT>', 'with a fault that was mended', putBackName)
  .option('--find-put-backs', 'with each such fault alone, until an oracle finds it: one, or all of them')
  .addHelpText('after', `\nFaults that can be put back:\n${names.join('\n')}`)
  .action((options: Options) => {
    if (options.findPutBacks === true) return findPutBacks(options);
    return options.without === undefined ? search(options) : repeat(options);
  })
  .parseAsync();

async function search(options: Options): Promise<void> {
  const { seed: firstSeed, putBack = null, runs, workers } = options;
  const tally = new Tally();
  const bad: RunResult[] = [];
  await searchSeeds({ firstSeed, runs, workers, putBack }, (result) => {
    tally.add(result);
    if (result.findings.length > 0) bad.push(result);
  });
  process.stdout.write(`${tally.summary()}\n`);
  bad.sort((one, other) => one.seed - other.seed);
  for (const result of bad.slice(0, shrunkAtMost)) await tellShrunk(result, options);
  for (const { seed, findings } of bad.slice(shrunkAtMost)) {
    process.stdout.write(`seed ${seed}: ${textOf(findings)}\n`);
  }
  if (bad.length > 0) process.exitCode = 1;
}

/** Exits with 1 when a fault is found in none of the runs. */
async function findPutBacks({ seed: firstSeed, runs, putBack }: Options): Promise<void> {
  const wanted = putBack === undefined ? Object.keys(putBacks).filter(isPutBackName) : [putBack];
  for (const name of wanted) {
    const found = await findPutBack(name, { firstSeed, runs });
    const told = found === null ? `not found in ${runs} runs` : `seed ${found}`;
    process.stdout.write(`${name.padEnd(26)}${putBacks[name].oracle.padEnd(27)}${told}\n`);
    if (found === null) process.exitCode = 1;
  }
}

/** The fewest items of the plan with which it still happens, and the command that repeats it. */
async function tellShrunk({ seed, findings }: RunResult, { putBack }: Options): Promise<void> {
  const [first] = findings;
  if (first === undefined) return;
  const without = await shrinkPlan(seed, first.oracle, putBack && putBacks[putBack].changed);
  process.stdout.write(`\nseed ${seed}: ${textOf(findings)}\n`);
  tellPlan(seed, without);
  const fault = putBack === undefined ? '' : ` --put-back ${putBack}`;
  const items = [...without].join(',') || 'none';
  process.stdout.write(`  npm run simulate:faults -- --seed ${seed} --without ${items}${fault}\n`);
}

async function repeat({ seed, without = new Set(), putBack }: Options): Promise<void> {
  const changed = putBack === undefined ? {} : putBacks[putBack].changed;
  const { findings } = await runSeed(seed, { without, changed });
  tellPlan(seed, without);
  process.stdout.write(`seed ${seed}: ${findings.length === 0 ? 'all is well' : textOf(findings)}\n`);
  if (findings.length > 0) process.exitCode = 1;
}

function tellPlan(seed: number, without: ReadonlySet<number>): void {
  const { settings, items } = planOf(seed, without);
  process.stdout.write(`  ${JSON.stringify(settings)}\n`);
  for (const item of items) process.stdout.write(`  ${JSON.stringify(item)}\n`);
}

function textOf(findings: readonly Finding[]): string {
  return findings.map(({ oracle, what }) => `${what} (${oracle})`).join('; ');
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function itemNumbers(text: string): ReadonlySet<number> {
  return new Set(text === 'none' ? [] : text.split(',').map(wholeNumber));
}

function putBackName(text: string): PutBackName {
  if (isPutBackName(text)) return text;
  throw new InvalidArgumentError(`It must be one of ${Object.keys(putBacks).join(', ')}.`);
}
