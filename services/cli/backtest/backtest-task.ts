import type { RewindEvent } from '../../../state-machines/log/events';
import type { DeploymentId } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { Policy } from '../../../state-machines/log/policy';
import type { RolloutKey } from '../../../state-machines/log/rollout-id';
import { type Comparison, compare } from '../../../state-machines/replay/policy-comparison';
import { type PolicyScore, scorePolicy } from '../../../state-machines/replay/policy-score';
import { labelRollouts, type RolloutLabel } from '../../../state-machines/replay/rollout-labels';
import { inOrder } from '../../../state-machines/service/fold';

/**
 * What is to be found out of one service's events. Plain data, so that a worker thread can be given
 * it.
 */
export interface BacktestTask {
  readonly events: readonly RewindEvent[];
  readonly until: Instant;
  /** A good rollout stood for so long after its completion. */
  readonly standsSeconds: number;
  /** What people say of this service's rollouts; holds in place of what the history shows. */
  readonly labels: readonly {
    readonly deployment: DeploymentId;
    readonly truth: RolloutLabel;
    readonly place: string;
  }[];
  readonly compared: { readonly before: Policy; readonly after: Policy } | null;
  readonly tried: readonly Policy[];
}

export interface BacktestResult {
  readonly truths: { readonly [truth in RolloutLabel]: number };
  readonly comparison: Comparison | null;
  /** One for each policy tried. */
  readonly trials: readonly PolicyScore[];
  /** The places of the labels that no rollout of the service fits. */
  readonly strayLabels: readonly string[];
}

/** Folds one service's events under every policy asked for; they were parsed once. Pure. */
export function runBacktestTask({
  events,
  until,
  standsSeconds,
  labels,
  compared,
  tried,
}: BacktestTask): BacktestResult {
  const ordered = inOrder(events);
  const truths = labelRollouts(ordered, { until, standsSeconds });
  const strayLabels = labels.filter((label) => !applyOpinion(label, truths)).map(({ place }) => place);
  return {
    truths: countTruths(truths),
    comparison: compared === null ? null : compare(ordered, { ...compared, until, truths }),
    trials: tried.map((policy) => scorePolicy(ordered, { policy, until, truths })),
    strayLabels,
  };
}

/**
 * A deployment that ECS went back to has rollouts of the same name: the first is the one that
 * people mean.
 */
function applyOpinion(
  { deployment, truth }: BacktestTask['labels'][number],
  truths: Map<RolloutKey, RolloutLabel>,
): boolean {
  const key = [...truths.keys()].find((each) => each.startsWith(`${deployment}@`));
  if (key !== undefined) truths.set(key, truth);
  return key !== undefined;
}

function countTruths(truths: ReadonlyMap<RolloutKey, RolloutLabel>): BacktestResult['truths'] {
  const count = (wanted: RolloutLabel) => [...truths.values()].filter((truth) => truth === wanted).length;
  return { good: count('good'), bad: count('bad'), unknown: count('unknown') };
}
