import { Progress } from '../terminal/progress';
import { say } from '../terminal/streams/standard-error';
import type { History } from './history';
import type { HistoryInputOptions } from './history-options';
import { HistoryReader, type ReadResult } from './history-reader';
import { historySources } from './history-sources';
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
