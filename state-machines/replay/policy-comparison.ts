import type { Outcome, Verdict } from '../log/decided-events';
import type { RewindEvent } from '../log/events';
import type { DeploymentId, ServiceArn, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import type { Rollout } from '../rollout/rollout';
import { isRollback } from '../rollout/rollout-context';
import type { RolloutLabel } from './rollout-labels';

/** How a rollout ended under one policy. */
export interface End {
  readonly verdict: Verdict | null;
  readonly outcome: Outcome | null;
}

/**
 * What the later policy changes for a rollout: it is taken back or spared that, sooner or later, or
 * ends otherwise in another way.
 */
export type EffectOnRollout = 'takenBack' | 'spared' | 'sooner' | 'later' | 'otherwise';

/** A rollout that two policies treat differently. */
export interface Difference {
  readonly service: ServiceArn;
  readonly deployment: DeploymentId;
  readonly taskDefinition: TaskDefinitionArn | null;
  readonly startedAt: Instant;
  readonly truth: RolloutLabel;
  readonly before: End;
  readonly after: End;
  readonly change: EffectOnRollout;
  /**
   * How much later the failed verdict falls; negative: sooner; null where one of the two has none.
   */
  readonly laterByMilliseconds: number | null;
  /**
   * Tasks of the rollout that started after the earlier failed verdict and, if there is one, up to
   * the later: fewer of them, or (negative) more.
   */
  readonly tasksSpared: number;
}

export interface Comparison {
  /** Rollouts compared: rollbacks are not. */
  readonly rollouts: number;
  readonly differences: readonly Difference[];
}

interface ComparisonOptions {
  /** What each of two policies makes of the history. */
  readonly before: readonly Rollout[];
  readonly after: readonly Rollout[];
  readonly truths: ReadonlyMap<RolloutKey, RolloutLabel>;
}

/**
 * Tells what two policies make differently of one service's events, in order of the rollouts'
 * start. Pure.
 */
export function compare(events: readonly RewindEvent[], options: ComparisonOptions): Comparison {
  const { before, after } = options;
  const afterByKey = new Map(after.map((rollout) => [rolloutKey(rollout), rollout]));
  const pairs = before.flatMap((one) => {
    const other = afterByKey.get(rolloutKey(one));
    // A rollback is never taken back itself; what only one policy sees is one under the other.
    return other === undefined || isRollback(one) || isRollback(other) ? [] : [{ one, other }];
  });
  const differences = pairs.flatMap(({ one, other }) => {
    const change = changeOf(one, other);
    return change === null ? [] : [describe({ one, other, change }, { events, options })];
  });
  return { rollouts: pairs.length, differences };
}

function changeOf(before: Rollout, after: Rollout): EffectOnRollout | null {
  const [failedBefore, failedAfter] = [failedAt(before), failedAt(after)];
  if (failedBefore === null && failedAfter !== null) return 'takenBack';
  if (failedBefore !== null && failedAfter === null) return 'spared';
  if (failedBefore !== null && failedAfter !== null && failedBefore !== failedAfter) {
    return failedAfter < failedBefore ? 'sooner' : 'later';
  }
  const isSame = before.outcome === after.outcome && before.verdict?.reason === after.verdict?.reason;
  return isSame ? null : 'otherwise';
}

function failedAt({ verdict }: Rollout): Instant | null {
  return verdict?.result === 'failed' ? verdict.at : null;
}

interface Pair {
  readonly one: Rollout;
  readonly other: Rollout;
  readonly change: EffectOnRollout;
}

interface Setting {
  readonly events: readonly RewindEvent[];
  readonly options: ComparisonOptions;
}

function describe({ one, other, change }: Pair, { events, options }: Setting): Difference {
  const { service, deployment, startedAt } = one;
  const [before, after] = [failedAt(one), failedAt(other)];
  // Whatever runs behind the next rollout's start, that one brought or left: it is no saving of
  // this one's verdict.
  const replacedAt = options.before.find((rollout) => rollout.startedAt > startedAt)?.startedAt ?? null;
  const end = replacedAt ?? Number.POSITIVE_INFINITY;
  const started = (at: Instant | null) => startedUpTo({ events, rollout: one, at: Math.min(at ?? end, end) });
  return {
    service,
    deployment,
    taskDefinition: one.taskDefinition ?? other.taskDefinition,
    startedAt,
    truth: options.truths.get(rolloutKey(one)) ?? 'unknown',
    before: endOf(one),
    after: endOf(other),
    change,
    laterByMilliseconds: before === null || after === null ? null : after - before,
    tasksSpared: started(before) - started(after),
  };
}

function endOf({ verdict, outcome }: Rollout): End {
  return { verdict, outcome };
}

/** How many of the rollout's tasks had started by an instant. */
function startedUpTo(asked: { events: readonly RewindEvent[]; rollout: Rollout; at: number }): number {
  const { deployment, startedAt } = asked.rollout;
  const tasks = new Set<string>();
  for (const event of asked.events) {
    if (event.type !== 'TaskChanged' || event.deployment !== deployment) continue;
    const bornAt = event.createdAt ?? event.occurredAt;
    if (bornAt >= startedAt && bornAt <= asked.at) tasks.add(event.task);
  }
  return tasks.size;
}
