import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import colours from 'picocolors';
import type { Instant } from '../../state-machines/identifiers';
import { exitCode } from './exit-code';
import { History } from './history';
import { HistoryReader } from './history-reader';
import { judge } from './judgement';
import { Progress } from './progress';
import { formatReplayDocument } from './replay-document';
import { loadPolicyFile, parseAsOf, parseReplayFormat, type ReplayFormat } from './replay-options';
import { formatReplayText } from './replay-text';
import { KeptNotifications } from './report/kept-notifications';
import { formatReport, type Report } from './report/report';
import { RolloutTraces } from './report/rollout-trace';

interface ReplayOptions {
  readonly policy?: string;
  readonly asOf?: Instant;
  readonly format: ReplayFormat;
}

const summary = 'judge every rollout in a history of notifications';
const description = `Fold a history of notifications and judge every rollout in it.
No database, account or network is needed.

FILE is JSON Lines, a JSON document (an envelope or an array of them), the output of
"aws logs filter-log-events" or an export of Rewind's own log; plain or gzipped, of any size,
in any order, with any number of services in it.`;

const help = `
Exit codes:
  0   every rollout in the input was judged
  64  the command line is wrong
  65  something in the input could not be understood, or there was nothing in it; the rest was judged
  66  a FILE cannot be read; the others were judged
  78  the policy file is wrong`;

/** Adds `rewind replay` to the program. */
export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .summary(summary)
    .description(description)
    .argument('[FILE...]', 'histories to read; none or - for standard input')
    .option('--policy <FILE>', 'judge by this policy file; decisions recorded in an export are left out')
    .option('--as-of <TIME>', 'leave out what happened or was learnt later (ISO 8601)', parseAsOf)
    .option(
      '--format <FORMAT>',
      'text, json or html (one file to be opened in a browser)',
      parseReplayFormat,
      'text',
    )
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: ReplayOptions) => {
      if (names.length === 0 && process.stdin.isTTY) {
        process.stderr.write('reading notifications from the terminal; Ctrl-D ends them\n');
      }
      process.exitCode = await runReplay(names.length === 0 ? ['-'] : names, options);
    });
}

/**
 * V8 lets its heap grow to a few times what is alive before it collects garbage. The facts of a long history are alive, and what is
 * garbage beside them is read fast: collected more often, a history of 200,000 notifications stays below 300 MB of resident memory.
 * https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
const heapGrowth = '--heap-growing-percent=40';

async function runReplay(names: readonly string[], options: ReplayOptions): Promise<number> {
  setFlagsFromString(heapGrowth);
  const policyFile = await loadPolicyFile(options.policy);
  const isHtml = options.format === 'html';
  const notifications = new KeptNotifications();
  const traces = new RolloutTraces();
  const history = new History({
    policyFile,
    leavesOutDecisions: options.policy !== undefined,
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
  const { code, wasRead } = await reader.readAll(names);
  progress.clear();
  if (!wasRead) return exitCode.noInput;
  const until = history.until() ?? 0;
  const rollouts = judge(history, policyFile, isHtml ? (folded) => traces.follow(folded) : undefined);
  await print({ input: history.inputCounts(), rollouts, until, traces, notifications }, options.format);
  return code;
}

async function print(report: Report, format: ReplayFormat): Promise<void> {
  for await (const part of partsOf(report, format)) {
    if (!process.stdout.write(part)) await once(process.stdout, 'drain');
  }
}

function partsOf(report: Report, format: ReplayFormat): Iterable<string> | AsyncIterable<string> {
  switch (format) {
    case 'text':
      return formatReplayText(report, colours);
    case 'json':
      return [formatReplayDocument(report)];
    case 'html':
      return formatReport(report);
    default:
      return format satisfies never;
  }
}
