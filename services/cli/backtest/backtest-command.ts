import type { Command } from 'commander';
import { addHistoryOptions } from '../input/history-options';
import { addPageFormatOption } from '../terminal/format-option';
import { backtestOptions } from './backtest-options';
import type { BacktestCommandOptions } from './backtest-run';

const description = `Fold a history under a policy, and say how many good rollouts it would take back and how many bad
ones it would catch; which rollouts would end differently than under another policy (--compare); how
good each choice of values is (--sweep). Decisions recorded in an export are left out.
Files need no database, account or network. FILE is as for "rewind replay".`;

const help = `
Examples:
  rewind backtest history.jsonl --policy new.yml --compare current.yml
  rewind backtest history.jsonl --sweep bakeSeconds=120,300,600 --labels labels.csv

Exit codes:
  0   every rollout in the input was tried
  64  the command line is wrong
  65  something in the input or the labels could not be understood, or the input is empty; the rest
      was tried
  66  a FILE, or the file of labels, cannot be read; the other FILEs were tried
  69  AWS does not let the log group or the table be read, or the template cannot be written
  78  a policy file is wrong`;

/** Adds `rewind backtest` to the program. */
export function addBacktestCommand(program: Command): void {
  const command = program
    .command('backtest')
    .description(description)
    .option('--policy <FILE>', 'the policy file to try (default: the default policy)');
  for (const option of backtestOptions()) command.addOption(option);
  addHistoryOptions(addPageFormatOption(command))
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: BacktestCommandOptions) => {
      const { runBacktest } = await import('./backtest-run');
      process.exitCode = await runBacktest(names, options);
    });
}
