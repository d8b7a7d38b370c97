import { type BacktestData, backtestDataId } from './backtest-data';
import { embeddedElement } from './embedded-element';
import { htmlPage } from './html-page';

/** The page of a backtest: one file, in parts. `document` is the text of `--format json`. */
export function formatBacktestPage({
  names,
  document,
}: {
  readonly names: BacktestData['names'];
  readonly document: string;
}): AsyncGenerator<string> {
  const json = `{"names":${JSON.stringify(names)},"document":${document}}`;
  return htmlPage({
    title: 'Rewind: what another policy would do',
    data: [embeddedElement(backtestDataId, json)],
  });
}
