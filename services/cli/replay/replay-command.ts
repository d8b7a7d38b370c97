import type { Command } from 'commander';
import colours from 'picocolors';
import type { Instant } from '../../../state-machines/log/instant';
import { type BacktestOptions, type BacktestPlan, backtest, planBacktest } from '../backtest/backtest';
import { formatBacktestDocument } from '../backtest/backtest-document';
import { parseSweep } from '../backtest/backtest-sweep';
import { formatBacktestText } from '../backtest/backtest-text';
import { History } from '../input/history';
import { HistoryReader } from '../input/history-reader';
import { historySources, type SourceOptions } from '../input/history-sources';
import { formatBacktestPage } from '../report/backtest-page';
import { KeptNotifications } from '../report/kept-notifications';
import { formatReport } from '../report/report';
import { RolloutTraces } from '../report/rollout-trace';
import { addTableOptions, parseSince } from '../terminal/aws-options';
import { exitCode } from '../terminal/exit-code';
import { Progress } from '../terminal/progress';
import { printAll } from '../terminal/standard-output';
import { formatReplayDocument } from './replay-document';
import { judge } from './replay-history';
import { loadPolicyFile, parseAsOf, parseReplayFormat, type ReplayFormat } from './replay-options';
import { formatReplayText } from './replay-text';

interface ReplayOptions extends BacktestOptions, SourceOptions {
  readonly asOf?: Instant;
  readonly format: ReplayFormat;
}

const summary = 'judge every rollout in a history of notifications';
const description = `Fold a history of notifications and judge every rollout in it.
No database, account or network is needed for files.

FILE is JSON Lines, a JSON document (an envelope or an array of them), what an EventBridge rule
wrote to S3, a CloudWatch Logs export in S3, the output of "aws logs filter-log-events" or an
export of Rewind's own log; plain or gzipped, of any size, in any order, with any number of
services in it.`;

const help = `
Exit codes:
  0   every rollout in the input was judged
  64  the command line is wrong
  65  something in the input could not be understood, or there was nothing in it; the rest was judged;
      or the labels are wrong
  66  a FILE cannot be read; the others were judged
  69  AWS does not let the log group or the table be read
  78  the policy file is wrong`;

/** Adds `rewind replay` to the program. */
export function addReplayCommand(program: Command): void {
  const command = program
    .command('replay')
    .summary(summary)
    .description(description)
    .argument('[FILE...]', 'histories to read; none or - for standard input')
    .option('--log-group <NAME>', 'read a CloudWatch Logs group that an EventBridge rule writes to')
    .option('--service <ARN>', 'read the events of a service from the table of the event log')
    .option(
      '--since <TIME>',
      'of those, from then on: a time or how long ago (default: 7d of a log group)',
      parseSince,
    )
    .option('--policy <FILE>', 'judge by this policy file; decisions recorded in an export are left out')
    .option('--compare <FILE>', 'tell what --policy would change, compared with this policy file')
    .option('--sweep <RANGE>', 'try KEY=FROM..TO[:STEP] or KEY=A,B,C of the policy; repeatable', parseSweep)
    .option('--labels <FILE>', 'which rollouts were good or bad in truth, for --compare and --sweep')
    .option('--as-of <TIME>', 'leave out what happened or was learnt later (ISO 8601)', parseAsOf)
    .option(
      '--format <FORMAT>',
      'text, json or html (one file to be opened in a browser)',
      parseReplayFormat,
      'text',
    )
    .addHelpText('after', help);
  addTableOptions(command).action(async (names: readonly string[], options: ReplayOptions) => {
    const readsInput = names.length === 0 && historySources(options).length === 0;
    if (readsInput && process.stdin.isTTY) {
      process.stderr.write('reading notifications from the terminal; Ctrl-D ends them\n');
    }
    process.exitCode = await runReplay(readsInput ? ['-'] : names, options);
  });
}

async function runReplay(names: readonly string[], options: ReplayOptions): Promise<number> {
  const plan = await planBacktest(options);
  const policyFile = plan?.policyFile ?? (await loadPolicyFile(options.policy));
  const isHtml = options.format === 'html' && plan === null;
  const notifications = new KeptNotifications();
  const traces = new RolloutTraces();
  const history = new History({
    policyFile,
    leavesOutDecisions: plan !== null || options.policy !== undefined,
    asOf: options.asOf ?? null,
    ...(isHtml ? { keep: (event, value) => notifications.keep(event, value) } : {}),
  });
  const progress = new Progress(process.stderr);
  const reader = new HistoryReader(history, {
    progress: (valuesRead) => progress.show(valuesRead),
    report(sentence) {
      progress.clear();
      process.stderr.write(`${sentence}\n`);
    },
  });
  const { code, wasRead } = await reader.readAll(names, historySources(options));
  progress.clear();
  if (!wasRead) return exitCode.noInput;
  if (plan !== null) return (await runBacktest(history, plan, options.format)) ? code : exitCode.data;
  const until = history.until() ?? 0;
  const rollouts = judge(history, policyFile, isHtml ? (folded) => traces.follow(folded) : undefined);
  const report = { input: history.inputCounts(), rollouts, until, traces, notifications };
  await print(options.format, {
    text: () => formatReplayText(report, colours),
    json: () => [formatReplayDocument(report)],
    html: () => formatReport(report),
  });
  return code;
}

/** False when there are labels that no rollout fits; each is named. */
async function runBacktest(history: History, plan: BacktestPlan, format: ReplayFormat): Promise<boolean> {
  const found = await backtest(history, plan);
  await print(format, {
    text: () => formatBacktestText(found, colours),
    json: () => [formatBacktestDocument(found)],
    html: () => formatBacktestPage(found),
  });
  for (const place of found.strayLabels) {
    process.stderr.write(`${place}: the history holds no rollout of this service and deployment\n`);
  }
  return found.strayLabels.length === 0;
}

type Formats = { readonly [format in ReplayFormat]: () => Iterable<string> | AsyncIterable<string> };

async function print(format: ReplayFormat, formats: Formats): Promise<void> {
  await printAll(formats[format]());
}
