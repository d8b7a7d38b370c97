import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { Wish } from '../../../state-machines/replay/policy-choice';
import type { Difference } from '../../../state-machines/replay/policy-comparison';
import type { PolicyScore } from '../../../state-machines/replay/policy-score';
import { overlay } from '../../policy/overlay';
import type { PolicyFile } from '../../policy/policy-file';
import { policySchema } from '../../policy/policy-schema';
import type { History, InputCounts } from '../input/history';
import { attachWatchedAlarms } from '../input/watched-alarms';
import { CommandError, exitCode } from '../terminal/exit-code';
import { loadPolicyFile } from '../terminal/policy-option';
import { compareRollouts } from '../terminal/rollout-order';
import {
  adviseServices,
  type Choice,
  chooseForAll,
  type ServiceAdvice,
  sumOfTrials,
} from './backtest-advice';
import { runBacktestTasks } from './backtest-pool';
import { combinationsOf, type PolicyValues, type Sweep } from './backtest-sweep';
import type { BacktestResult, BacktestTask, LabelledRollout } from './backtest-task';
import { loadLabels, type RolloutOpinion } from './labels/backtest-labels';

/** What a backtest is asked to try. */
export interface BacktestOptions {
  readonly policy?: string;
  readonly compare?: string;
  readonly sweep?: readonly Sweep[];
  readonly cost?: Wish['prices'];
  readonly atMostFalse?: number;
  readonly labels?: string;
  readonly labelsTemplate?: string;
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
  /** The policy as it is given, which sets nothing, then every choice of a sweep. */
  readonly combinations: readonly [PolicyValues, ...PolicyValues[]];
  /** By what one of them is chosen; null where nobody asks. */
  readonly wish: Wish | null;
  readonly falseAtMost: number | null;
  readonly labels: readonly RolloutOpinion[];
  /** The file to write for people to label; null for none. */
  readonly labelsTemplate: string | null;
}

/** What a backtest found. `trials` has one for each combination. */
export interface Backtest {
  readonly input: InputCounts;
  readonly plan: BacktestPlan;
  /** From the first event to the last. */
  readonly milliseconds: number;
  readonly truths: BacktestResult['truths'];
  readonly compared: number;
  readonly differences: readonly Difference[];
  readonly trials: readonly PolicyScore[];
  /** Null where nobody asks, or nothing is allowed. */
  readonly choice: Choice | null;
  readonly services: readonly ServiceAdvice[];
  readonly strayLabels: readonly string[];
  /** For people to label; none where nobody asks. */
  readonly rollouts: readonly LabelledRollout[];
}

/** Reads the files that the options name. Throws CommandError. */
export async function planBacktest(options: BacktestOptions): Promise<BacktestPlan> {
  const { policy, compare, sweep = [], cost, atMostFalse, labels, labelsTemplate } = options;
  if (compare !== undefined && policy === undefined) {
    throw new CommandError('--compare needs --policy, the file to compare it with', exitCode.usage);
  }
  if (cost !== undefined && sweep.length === 0) {
    throw new CommandError('--cost needs --sweep, the policies to choose from', exitCode.usage);
  }
  for (const each of sweep) refuseWrongValues(each);
  const after = await loadPolicyFile(policy);
  const before = compare === undefined ? null : await loadPolicyFile(compare);
  return {
    policyFile: {
      ...after,
      manages: (service) => after.manages(service) && before?.manages(service) !== false,
    },
    names: { before: compare ?? '', after: policy ?? 'the default policy' },
    before,
    combinations: [{}, ...(sweep.length === 0 ? [] : combinationsOf(sweep))],
    wish: sweep.length === 0 ? null : wishOf(options),
    falseAtMost: atMostFalse ?? null,
    labels: labels === undefined ? [] : await loadLabels(labels),
    labelsTemplate: labelsTemplate ?? null,
  };
}

/** Help has no need of the schema, which is large: it is asked here. Throws CommandError. */
function refuseWrongValues({ key, values }: Sweep): void {
  for (const value of values) {
    const result = policySchema.safeParse({ [key]: value });
    if (result.success) continue;
    const sentence = `--sweep ${key}=${value}: ${key} ${result.error.issues[0]?.message}`;
    throw new CommandError(sentence, exitCode.usage);
  }
}

/** Where a share is given and no price, the fewest missed ones within it are wished for. */
function wishOf({ cost, atMostFalse }: BacktestOptions): Wish | null {
  if (cost === undefined && atMostFalse === undefined) return null;
  return { prices: cost ?? { falseRollback: 0, missed: 1 }, falseAtMost: atMostFalse ?? 1 };
}

/** Folds a history, parsed once, under every policy of the plan. Empties the history. */
export async function backtest(history: History, plan: BacktestPlan): Promise<Backtest> {
  const files = [plan.policyFile, ...(plan.before === null ? [] : [plan.before])];
  attachWatchedAlarms(history, files);
  const input = history.inputCounts();
  const until: Instant = history.until() ?? instantFrom(0);
  const found: BacktestResult[] = [];
  const folds = plan.combinations.length + (plan.before === null ? 0 : 1) + 1;
  await runBacktestTasks(backtestTasks(history, plan, until), input.folded * folds, (finding) =>
    found.push(finding),
  );
  const { wish, falseAtMost } = plan;
  const firstAt = found.reduce((first, each) => Math.min(first, each.firstAt ?? until), until as number);
  return {
    input,
    plan,
    milliseconds: until - firstAt,
    truths: sumOfTruths(found),
    compared: found.reduce((sum, { comparison }) => sum + (comparison?.rollouts ?? 0), 0),
    differences: found.flatMap(({ comparison }) => comparison?.differences ?? []).sort(compareRollouts),
    trials: sumOfTrials(found, plan.combinations.length),
    choice: wish === null ? null : chooseForAll(found, wish),
    services: adviseServices(found, { wish, falseAtMost }),
    strayLabels: [...found.flatMap(({ strayLabels }) => strayLabels), ...labelsOfOthers(plan, found)],
    rollouts: found.flatMap(({ rollouts }) => rollouts),
  };
}

/** The places of labels whose service the history does not hold. */
function labelsOfOthers({ labels }: BacktestPlan, found: readonly BacktestResult[]): string[] {
  const services = new Set(found.map(({ service }) => service));
  return labels.filter(({ service }) => !services.has(service)).map(({ place }) => place);
}

function* backtestTasks(history: History, plan: BacktestPlan, until: Instant): Generator<BacktestTask> {
  const { policyFile, before, combinations, labels, labelsTemplate } = plan;
  const [, ...others] = combinations;
  const parts = others.map((values) => policySchema.parse(values));
  for (const [service, events] of history.drain()) {
    const after = policyFile.policyFor(service);
    const current = before?.policyFor(service) ?? null;
    yield {
      service,
      events,
      until,
      standsSeconds: (current ?? after).bakeSeconds,
      labels: labels.filter((label) => label.service === service),
      comparedWith: current,
      tried: [after, ...parts.map((part) => overlay(after, part))],
      listsRollouts: labelsTemplate !== null,
    };
  }
}

function sumOfTruths(found: readonly BacktestResult[]): BacktestResult['truths'] {
  const sum = (truth: keyof BacktestResult['truths']) =>
    found.reduce((total, { truths }) => total + truths[truth], 0);
  return { good: sum('good'), bad: sum('bad'), unknown: sum('unknown') };
}
