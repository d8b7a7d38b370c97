import type { Command } from 'commander';
import colours from 'picocolors';
import { History } from '../input/history';
import { addHistoryOptions, type HistoryInputOptions, readHistory } from '../input/history-options';
import { formatBacktestPage } from '../report/backtest-page';
import { exitCode } from '../terminal/exit-code';
import { addPageFormatOption, type PageFormat } from '../terminal/format-option';
import { Complaints } from '../terminal/streams/standard-error';
import { printJson, printPage, printText } from '../terminal/streams/standard-output';
import { type BacktestOptions, backtest, planBacktest } from './backtest';
import { formatBacktestDocument } from './backtest-document';
import { backtestOptions } from './backtest-options';
import { formatBacktestText } from './backtest-text';
import { writeLabelsTemplate } from './labels/labels-template';

interface BacktestCommandOptions extends BacktestOptions, HistoryInputOptions {
  readonly format: PageFormat;
}

const description = `Fold a history under a policy, and say how many good rollouts it would take back and how many bad
ones it would catch; which rollouts would end differently than under another policy (--compare); how
good each choice of values is (--sweep). Decisions recorded in an export are left out.
Files need no database, account or network. FILE is as for "rewind replay".`;

const help = `
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
      process.exitCode = await runBacktest(names, options);
    });
}

/**
 * Runs a backtest and returns its exit code; 65 where a label fits no rollout. Throws CommandError.
 */
export async function runBacktest(
  names: readonly string[],
  options: BacktestCommandOptions,
): Promise<number> {
  const plan = await planBacktest(options);
  const { policyFile } = plan;
  const history = new History({ policyFile, leavesOutDecisions: true, asOf: options.asOf ?? null });
  const { code, wasRead } = await readHistory(history, names, options);
  if (!wasRead) return exitCode.noInput;
  const result = await backtest(history, plan);
  if (plan.labelsTemplate !== null) await writeLabelsTemplate(plan.labelsTemplate, result.rollouts);
  const print = {
    text: () => printText(formatBacktestText(result, colours)),
    json: () => printJson([formatBacktestDocument(result)]),
    html: () =>
      printPage(formatBacktestPage({ names: plan.names, document: formatBacktestDocument(result) })),
  } as const;
  await print[options.format]();
  const complaints = new Complaints();
  for (const place of result.strayLabels) {
    complaints.add(place, 'the history holds no rollout of this service and deployment');
  }
  complaints.end('the file of labels');
  return result.strayLabels.length === 0 ? code : exitCode.data;
}
