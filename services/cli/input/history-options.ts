import type { Command } from 'commander';
import type { Instant } from '../../../state-machines/log/instant';
import { addPlaceOptions } from '../session/place-options';
import { Progress } from '../terminal/progress';
import { say } from '../terminal/streams/standard-error';
import { parsePast } from '../terminal/time-options';
import type { History } from './history';
import { HistoryReader, type ReadResult } from './history-reader';
import { historySources, type SourceOptions } from './history-sources';

/** What a command that reads histories is told about them. */
export interface HistoryInputOptions extends SourceOptions {
  readonly asOf?: Instant;
}

/** The argument and options of every command that reads histories of notifications. */
export function addHistoryOptions(command: Command): Command {
  return addPlaceOptions(
    command
      .argument('[FILE...]', 'histories to read; none or - for standard input')
      .option(
        '--as-of <TIME>',
        'leave out what happened or was recorded later (15:04, 2026-01-31, ISO 8601)',
        parsePast,
      )
      .option('--log-group <NAME>', 'read a CloudWatch Logs group that an EventBridge rule writes to')
      .option('--service <ARN>', 'read the events of a service from the table of the event log')
      .option(
        '--since <TIME>',
        'read these two from then on: a time or how long ago (default: 7d of a log group)',
        parsePast,
      ),
  );
}

/**
 * Reads everything that the command line names; what cannot be understood is reported on stderr.
 */
export async function readHistory(
  history: History,
  names: readonly string[],
  options: HistoryInputOptions,
): Promise<ReadResult> {
  const sources = historySources(options);
  const readsStandardInput = names.length === 0 && sources.length === 0;
  if (readsStandardInput && process.stdin.isTTY) {
    say('reading notifications from the terminal; Ctrl-D ends them');
  }
  const progress = new Progress(process.stderr);
  const reader = new HistoryReader(history, {
    progress: (valuesRead) => progress.show(valuesRead),
    report(sentence) {
      progress.clear();
      say(sentence);
    },
  });
  const result = await reader.readAll(readsStandardInput ? ['-'] : names, sources);
  progress.clear();
  return result;
}
