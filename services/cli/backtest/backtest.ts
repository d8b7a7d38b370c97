import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { Difference } from '../../../state-machines/replay/policy-comparison';
import { addScores, emptyScore, type PolicyScore } from '../../../state-machines/replay/policy-score';
import { overlay } from '../../policy/overlay';
import type { PolicyFile } from '../../policy/policy-file';
import type { History, InputCounts } from '../input/history';
import { attachWatchedAlarms } from '../input/watched-alarms';
import { CommandError, exitCode } from '../terminal/exit-code';
import { loadPolicyFile } from '../terminal/policy-option';
import { compareRollouts } from '../terminal/rollout-order';
import { loadLabels, type RolloutOpinion } from './backtest-labels';
import { runBacktestTasks } from './backtest-pool';
import { combinationsOf, type PolicyValues, type Sweep } from './backtest-sweep';
import type { BacktestResult, BacktestTask } from './backtest-task';

/** What a backtest is asked to try. */
export interface BacktestOptions {
  readonly policy?: string;
  readonly compare?: string;
  readonly sweep?: readonly Sweep[];
  readonly labels?: string;
}

/** What is asked of a backtest, its files read. */
interface BacktestPlan {
  /**
   * What is looked after: what every policy file of the plan manages; with the policy that is
   * tried.
   */
  readonly policyFile: PolicyFile;
  readonly names: { readonly before: string; readonly after: string };
  readonly before: PolicyFile | null;
  readonly combinations: readonly PolicyValues[];
  readonly labels: readonly RolloutOpinion[];
}

/**
 * What a backtest found. `trials` has one for each combination, behind that of the policy as it is
 * given; none without a sweep.
 */
export interface Backtest {
  readonly input: InputCounts;
  readonly plan: BacktestPlan;
  readonly truths: BacktestResult['truths'];
  readonly compared: number;
  readonly differences: readonly Difference[];
  readonly trials: readonly PolicyScore[];
  readonly strayLabels: readonly string[];
}

/** Whether the options of `rewind replay` ask for a backtest. */
export function isBacktest({ compare, sweep, labels }: BacktestOptions): boolean {
  return compare !== undefined || sweep !== undefined || labels !== undefined;
}

/** Reads the files that the options name. Throws CommandError. */
export async function planBacktest(options: BacktestOptions): Promise<BacktestPlan> {
  const { policy, compare, sweep = [], labels } = options;
  if (compare === undefined && sweep.length === 0) {
    const asked = labels === undefined ? 'a backtest' : '--labels';
    throw new CommandError(`error: ${asked} needs --compare or --sweep`, exitCode.usage);
  }
  if (compare !== undefined && policy === undefined) {
    throw new CommandError('error: --compare needs --policy, the file to compare it with', exitCode.usage);
  }
  const after = await loadPolicyFile(policy);
  const before = compare === undefined ? null : await loadPolicyFile(compare);
  return {
    policyFile: {
      ...after,
      manages: (service) => after.manages(service) && before?.manages(service) !== false,
    },
    names: { before: compare ?? '', after: policy ?? 'the default policy' },
    before,
    combinations: sweep.length === 0 ? [] : [{}, ...combinationsOf(sweep)],
    labels: labels === undefined ? [] : await loadLabels(labels),
  };
}

/** Folds a history, parsed once, under every policy of the plan. Empties the history. */
export async function backtest(history: History, plan: BacktestPlan): Promise<Backtest> {
  const files = [plan.policyFile, ...(plan.before === null ? [] : [plan.before])];
  attachWatchedAlarms(history, files);
  const input = history.inputCounts();
  const found: BacktestResult[] = [];
  const services = new Set<ServiceArn>();
  const folds = plan.combinations.length + (plan.before === null ? 0 : 2) + 1;
  await runBacktestTasks(backtestTasks(history, plan, services), input.folded * folds, (finding) =>
    found.push(finding),
  );
  const missing = plan.labels.filter(({ service }) => !services.has(service)).map(({ place }) => place);
  return {
    input,
    plan,
    truths: sumOfTruths(found),
    compared: found.reduce((sum, { comparison }) => sum + (comparison?.rollouts ?? 0), 0),
    differences: found.flatMap(({ comparison }) => comparison?.differences ?? []).sort(compareRollouts),
    trials: plan.combinations.map((_, index) =>
      found.map(({ trials }) => trials[index] ?? emptyScore).reduce(addScores, emptyScore),
    ),
    strayLabels: [...found.flatMap(({ strayLabels }) => strayLabels), ...missing],
  };
}

function* backtestTasks(
  history: History,
  plan: BacktestPlan,
  services: Set<ServiceArn>,
): Generator<BacktestTask> {
  const until: Instant = history.until() ?? instantFrom(0);
  const { policyFile, before, combinations, labels } = plan;
  for (const [service, events] of history.drain()) {
    services.add(service);
    const after = policyFile.policyFor(service);
    const current = before?.policyFor(service) ?? null;
    yield {
      events,
      until,
      standsSeconds: (current ?? after).bakeSeconds,
      labels: labels.filter((label) => label.service === service),
      compared: current === null ? null : { before: current, after },
      tried: combinations.map((combination) => overlay(after, combination)),
    };
  }
}

function sumOfTruths(found: readonly BacktestResult[]): BacktestResult['truths'] {
  const sum = (truth: keyof BacktestResult['truths']) =>
    found.reduce((total, { truths }) => total + truths[truth], 0);
  return { good: sum('good'), bad: sum('bad'), unknown: sum('unknown') };
}
