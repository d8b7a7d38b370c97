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
import { formatReplayDocument, type Replay } from './replay-document';
import { type Format, loadPolicyFile, parseAsOf, parseFormat } from './replay-options';
import { formatReplayText } from './replay-text';

interface ReplayOptions {
  readonly policy?: string;
  readonly asOf?: Instant;
  readonly format: Format;
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
    .option('--format <FORMAT>', 'text or json', parseFormat, 'text')
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
  const history = new History({
    policyFile,
    leavesOutDecisions: options.policy !== undefined,
    asOf: options.asOf ?? null,
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
  const rollouts = judge(history, policyFile);
  await print({ input: history.inputCounts(), rollouts }, options.format);
  return code;
}

async function print(replay: Replay, format: Format): Promise<void> {
  const parts = format === 'json' ? [formatReplayDocument(replay)] : formatReplayText(replay, colours);
  for (const part of parts) if (!process.stdout.write(part)) await once(process.stdout, 'drain');
}
