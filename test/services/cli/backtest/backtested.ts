import {
  type Backtest,
  type BacktestOptions,
  backtest,
  planBacktest,
} from '../../../../services/cli/backtest/backtest';
import { History } from '../../../../services/cli/input/history';
import { history } from '../../../fixtures/histories/history';

/** Of 40 rollouts 8 are bad, and 14 of the good ones lose tasks before they are stable. */
export const pastOptions = {
  services: 8,
  rollouts: 5,
  badPercent: 20,
  flakyPercent: 40,
  lines: 3000,
  seed: 5,
};
export const { lines: past, rollouts } = history(pastOptions);

/** What a backtest of that history finds, in this process. */
export async function backtested(given: BacktestOptions): Promise<Backtest> {
  const plan = await planBacktest(given);
  const read = new History({ policyFile: plan.policyFile, leavesOutDecisions: true, asOf: null });
  for (const line of past) read.take(JSON.parse(line));
  return backtest(read, plan);
}
