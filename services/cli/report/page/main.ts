import './page.css';
import { backtestDataId } from '../backtest-data';
import { backtestView } from './backtest-view';
import { readBacktest, readIndex } from './embedded-data';
import { putFrame, replaceMain } from './frame';
import { RolloutReport } from './rollout-report';
import { parseRoute } from './route';

putFrame();
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
