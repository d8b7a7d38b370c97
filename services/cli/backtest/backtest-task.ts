import type { RewindEvent } from '../../../state-machines/log/events';
import type { DeploymentId, ServiceArn, TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { Policy } from '../../../state-machines/log/policy';
import { type RolloutKey, rolloutKey } from '../../../state-machines/log/rollout-id';
import { type Comparison, compare } from '../../../state-machines/replay/policy-comparison';
import { type PolicyScore, scorePolicy } from '../../../state-machines/replay/policy-score';
import { replay } from '../../../state-machines/replay/replay';
import { labelRollouts, type RolloutLabel } from '../../../state-machines/replay/rollout-labels';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { inOrder } from '../../../state-machines/service/fold';

/**
 * What is to be found out of one service's events. Plain data, so that a worker thread can be given
 * it.
 */
export interface BacktestTask {
  readonly service: ServiceArn;
  readonly events: readonly RewindEvent[];
  readonly until: Instant;
  /** A good rollout stood for so long after its completion. */
  readonly standsSeconds: number;
  /** What people say of this service's rollouts; holds in place of what the history shows. */
  readonly labels: readonly {
    readonly deployment: DeploymentId;
    readonly startedAt: Instant | null;
    readonly truth: RolloutLabel;
    readonly place: string;
  }[];
  /** The policy that the first of the tried ones is compared with; null for none. */
  readonly comparedWith: Policy | null;
  /** The policy as it is given, then those of a sweep. */
  readonly tried: readonly [Policy, ...Policy[]];
  /** Whether the rollouts are to be labelled by people. */
  readonly listsRollouts: boolean;
}

/** A rollout as people need it to say whether it was good. */
export interface LabelledRollout {
  readonly service: ServiceArn;
  readonly deployment: DeploymentId;
  readonly startedAt: Instant;
  readonly taskDefinition: TaskDefinitionArn | null;
  /** What a file of labels says of it; null where it says nothing. */
  readonly opinion: RolloutLabel | null;
  /** What the history shows. */
  readonly shown: RolloutLabel;
  /** What the policy as it is given makes of it. */
  readonly message: string;
}

export interface BacktestResult {
  readonly service: ServiceArn;
  readonly firstAt: Instant | null;
  readonly mode: Policy['mode'];
  readonly truths: { readonly [truth in RolloutLabel]: number };
  readonly comparison: Comparison | null;
  /** One for each policy tried. */
  readonly trials: readonly PolicyScore[];
  /** The places of the labels that no rollout of the service fits. */
  readonly strayLabels: readonly string[];
  /** None where nobody asks for them. */
  readonly rollouts: readonly LabelledRollout[];
}

/** Folds one service's events under every policy asked for; they were parsed once. Pure. */
export function runBacktestTask(task: BacktestTask): BacktestResult {
  const { service, events, until, standsSeconds, labels, comparedWith, tried } = task;
  const ordered = inOrder(events);
  const shown = labelRollouts(ordered, { until, standsSeconds });
  const truths = new Map(shown);
  const strayLabels = labels.filter((label) => !applyOpinion(label, truths)).map(({ place }) => place);
  const rolloutsUnder = (policy: Policy) => replay(ordered, { policy, until });
  const [first, ...others] = tried;
  const given = rolloutsUnder(first);
  const before = comparedWith === null ? null : rolloutsUnder(comparedWith);
  return {
    service,
    firstAt: ordered[0]?.occurredAt ?? null,
    mode: first.mode,
    truths: countTruths(truths),
    comparison: before === null ? null : compare(ordered, { before, after: given, truths }),
    trials: [
      scorePolicy(given, { truths, given }),
      ...others.map((policy) => scorePolicy(rolloutsUnder(policy), { truths, given })),
    ],
    strayLabels,
    rollouts: task.listsRollouts ? given.flatMap((each) => labelledRollout(each, { shown, truths })) : [],
  };
}

/** A label that names no start means the first of the rollouts that ECS gave the same id. */
function applyOpinion(
  { deployment, startedAt, truth }: BacktestTask['labels'][number],
  truths: Map<RolloutKey, RolloutLabel>,
): boolean {
  const key =
    startedAt === null
      ? [...truths.keys()].find((each) => each.startsWith(`${deployment}@`))
      : rolloutKey({ deployment, startedAt });
  if (key === undefined || !truths.has(key)) return false;
  truths.set(key, truth);
  return true;
}

type Truths = ReadonlyMap<RolloutKey, RolloutLabel>;

function labelledRollout(
  rollout: Rollout,
  { shown, truths }: { readonly shown: Truths; readonly truths: Truths },
): LabelledRollout[] {
  const { service, deployment, startedAt, taskDefinition, verdict } = rollout;
  const ofHistory = shown.get(rolloutKey(rollout));
  const truth = truths.get(rolloutKey(rollout));
  if (ofHistory === undefined || truth === undefined) return [];
  return [
    {
      service,
      deployment,
      startedAt,
      taskDefinition,
      opinion: truth === ofHistory ? null : truth,
      shown: ofHistory,
      message: verdict === null ? 'no verdict' : `${verdict.result}: ${verdict.message}`,
    },
  ];
}

function countTruths(truths: Truths): BacktestResult['truths'] {
  const count = (wanted: RolloutLabel) => [...truths.values()].filter((truth) => truth === wanted).length;
  return { good: count('good'), bad: count('bad'), unknown: count('unknown') };
}
