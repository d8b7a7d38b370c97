import type { Backtest } from '../backtest/backtest';
import { formatBacktestDocument } from '../backtest/backtest-document';
import { backtestDataId } from './backtest-data';
import { embedded } from './embedded';
import { htmlPage } from './html-page';

/** The output of a backtest's `--format html`: one file, in parts. Its data is the document of `--format json`. */
export function formatBacktestPage(backtest: Backtest): AsyncGenerator<string> {
  const names = JSON.stringify(backtest.plan.names);
  const json = `{"names":${names},"document":${formatBacktestDocument(backtest)}}`;
  return htmlPage({
    title: 'Rewind: what another policy would do',
    data: [embedded(backtestDataId, json)],
  });
}
