import type { Command } from 'commander';
import colours from 'picocolors';
import { type BacktestOptions, isBacktest } from '../backtest/backtest';
import { runBacktest } from '../backtest/backtest-command';
import { backtestOptions } from '../backtest/backtest-options';
import { History } from '../input/history';
import { addHistoryOptions, type HistoryInputOptions, readHistory } from '../input/history-options';
import { KeptNotifications } from '../report/kept-notifications';
import { formatReport } from '../report/report';
import { RolloutTraces } from '../report/rollout-trace';
import { exitCode } from '../terminal/exit-code';
import { addPageFormatOption, type PageFormat } from '../terminal/format-option';
import { loadPolicyFile } from '../terminal/policy-option';
import { redactSecrets } from '../terminal/redaction';
import { say } from '../terminal/streams/standard-error';
import { printJson, printPage, printText } from '../terminal/streams/standard-output';
import { formatReplayDocument } from './replay-document';
import { replayHistory } from './replay-history';
import { formatReplayText } from './replay-text';

interface ReplayOptions extends BacktestOptions, HistoryInputOptions {
  readonly format: PageFormat;
  readonly redact?: true;
}

const description = `Fold a history of notifications and judge every rollout in it.
Files need no database, account or network.

FILE is JSON Lines, a JSON document (an envelope or an array of them), what an EventBridge rule
wrote to S3, a CloudWatch Logs export in S3, the output of "aws logs filter-log-events" or an
export of Rewind's own log; plain or gzipped, of any size, in any order, with any number of
services in it.`;

const help = `
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
      process.exitCode = await (isBacktest(options) ? runBacktest : runReplay)(names, options);
    });
}

async function runReplay(names: readonly string[], options: ReplayOptions): Promise<number> {
  const policyFile = await loadPolicyFile(options.policy);
  const isHtml = options.format === 'html';
  const safe = (value: unknown) => (options.redact ? redactSecrets(value) : value);
  const notifications = new KeptNotifications();
  const traces = new RolloutTraces();
  const history = new History({
    policyFile,
    leavesOutDecisions: options.policy !== undefined,
    asOf: options.asOf ?? null,
    ...(isHtml ? { keep: (event, value) => notifications.keep(event, safe(value)) } : {}),
  });
  const { code, wasRead } = await readHistory(history, names, options);
  if (!wasRead) return exitCode.noInput;
  const until = history.until() ?? 0;
  const rollouts = replayHistory(history, policyFile, isHtml ? (fold) => traces.follow(fold) : undefined);
  for (const remark of history.remarks(rollouts.length)) say(remark);
  const report = { input: history.inputCounts(), rollouts, until, traces, notifications };
  const print = {
    text: () => printText(formatReplayText(report, colours)),
    json: () => printJson([formatReplayDocument(report)]),
    html: () => printPage(formatReport(report)),
  } as const;
  await print[options.format]();
  return code;
}
