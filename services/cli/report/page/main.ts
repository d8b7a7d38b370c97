import './page.css';
import { backtestDataId } from '../backtest-data';
import { backtestView } from './backtest/backtest-view';
import { readBacktest, readIndex } from './elements/embedded-data';
import { putFrame, replaceMain } from './elements/frame';
import { parseRoute } from './elements/route';
import { RolloutReport } from './rollouts/rollout-report';

putFrame({
  note: 'what was known of each rollout, and what was made of it',
  wait: 'One moment: the report is being unpacked.',
});
const show = document.getElementById(backtestDataId) === null ? await rollouts() : await backtest();
addEventListener('hashchange', () => show(true));
await show(false);
// For whoever waits until the page can be used.
document.documentElement.dataset.ready = 'true';

async function rollouts(): Promise<(hasMoved: boolean) => Promise<void>> {
  const report = new RolloutReport(await readIndex());
  return (hasMoved) => report.show(hasMoved);
}

async function backtest(): Promise<(hasMoved: boolean) => void> {
  const data = await readBacktest();
  return (hasMoved) => replaceMain(backtestView(data, parseRoute(location.hash).parameters), hasMoved);
}
