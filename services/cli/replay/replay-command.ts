import type { Command } from 'commander';
import { backtestOptions, isBacktest } from '../backtest/backtest-options';
import { addHistoryOptions } from '../input/history-options';
import { addPageFormatOption } from '../terminal/format-option';
import type { ReplayOptions } from './replay-run';

const description = `Fold a history of notifications and judge every rollout in it.
Files need no database, account or network.

FILE is JSON Lines, a JSON document (an envelope or an array of them), what an EventBridge rule
wrote to S3, a CloudWatch Logs export in S3, the output of "aws logs filter-log-events" or an
export of Rewind's own log; plain or gzipped, of any size, in any order, with any number of
services in it.`;

const help = `
Examples:
  rewind replay history.jsonl --policy policy.yml
  rewind replay history.jsonl --format html > report.html
  rewind replay --service prod/web --since 30d

Exit codes:
  0   every rollout in the input was judged
  64  the command line is wrong
  65  something in the input could not be understood, or the input is empty; the rest was judged
  66  there is no such service, or a FILE cannot be read; the others were judged
  69  AWS does not let the log group or the table be read
  78  the policy file is wrong`;

/** Adds `rewind replay` to the program. */
export function addReplayCommand(program: Command): void {
  const command = program
    .command('replay')
    .description(description)
    .option('--redact', 'leave what may be secret out of the notifications in the page')
    .option('--policy <FILE>', 'judge by this policy file; recorded decisions of an export are left out');
  // What `rewind backtest` does now was once asked of `replay`.
  for (const option of backtestOptions()) command.addOption(option.hideHelp());
  addHistoryOptions(addPageFormatOption(command))
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: ReplayOptions) => {
      const run = isBacktest(options)
        ? (await import('../backtest/backtest-run')).runBacktest
        : (await import('./replay-run')).runReplay;
      process.exitCode = await run(names, options);
    });
}
