import colours from 'picocolors';
import { History } from '../input/history';
import type { HistoryInputOptions } from '../input/history-options';
import { readHistory } from '../input/read-history';
import { formatBacktestPage } from '../report/backtest-page';
import { exitCode } from '../terminal/exit-code';
import type { PageFormat } from '../terminal/format-option';
import { Complaints } from '../terminal/streams/standard-error';
import { printJson, printPage, printText } from '../terminal/streams/standard-output';
import { type BacktestOptions, backtest, planBacktest } from './backtest';
import { formatBacktestDocument } from './backtest-document';
import { formatBacktestText } from './backtest-text';
import { writeLabelsTemplate } from './labels/labels-template';

export interface BacktestCommandOptions extends BacktestOptions, HistoryInputOptions {
  readonly format: PageFormat;
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
