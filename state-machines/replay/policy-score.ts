import type { Reason } from '../log/decided-events';
import type { RewindEvent } from '../log/events';
import type { Instant } from '../log/instant';
import type { Policy } from '../log/policy';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import type { Rollout } from '../rollout/rollout';
import { replay } from './replay';
import type { RolloutLabel } from './rollout-labels';

/**
 * How a policy fares with rollouts of which the truth is known. Trials of several services add up
 * to one.
 */
export interface PolicyScore {
  readonly good: number;
  /** Good rollouts that it would have taken back. */
  readonly falseRollbacks: number;
  readonly bad: number;
  /**
   * Bad rollouts that it gave a failed verdict by itself, before ECS or somebody took them back.
   */
  readonly caught: number;
  /** Bad rollouts that got their failed verdict only when ECS or somebody took them back. */
  readonly leftToOthers: number;
  /** Bad rollouts without any failed verdict. */
  readonly missed: number;
  /** From the start to the failed verdict, of the bad ones that got one, by whomever. */
  readonly millisecondsToVerdict: readonly number[];
}

export const emptyScore: PolicyScore = {
  good: 0,
  falseRollbacks: 0,
  bad: 0,
  caught: 0,
  leftToOthers: 0,
  missed: 0,
  millisecondsToVerdict: [],
};

interface ScoreOptions {
  readonly policy: Policy;
  readonly until: Instant;
  readonly truths: ReadonlyMap<RolloutKey, RolloutLabel>;
}

/** Verdicts that are not Rewind's own finding, but what ECS or somebody did. */
const byOthers: ReadonlySet<Reason> = new Set(['NativeFailure', 'Operator']);

/** Folds one service's events under a policy and holds what comes of it against the truth. Pure. */
export function scorePolicy(
  events: readonly RewindEvent[],
  { policy, until, truths }: ScoreOptions,
): PolicyScore {
  const rollouts = new Map(replay(events, { policy, until }).map((each) => [rolloutKey(each), each]));
  const of = (wanted: RolloutLabel) =>
    [...truths].filter(([, truth]) => truth === wanted).map(([key]) => rollouts.get(key));
  const good = of('good');
  const bad = of('bad');
  const failed = bad.filter(hasFailed);
  const leftToOthers = failed.filter(
    ({ verdict }) => verdict !== null && byOthers.has(verdict.reason),
  ).length;
  return {
    good: good.length,
    falseRollbacks: good.filter(hasFailed).length,
    bad: bad.length,
    caught: failed.length - leftToOthers,
    leftToOthers,
    missed: bad.length - failed.length,
    millisecondsToVerdict: failed.map(({ verdict, startedAt }) => (verdict?.at ?? startedAt) - startedAt),
  };
}

function hasFailed(rollout: Rollout | undefined): rollout is Rollout {
  return rollout?.verdict?.result === 'failed';
}

export function addScores(a: PolicyScore, b: PolicyScore): PolicyScore {
  return {
    good: a.good + b.good,
    falseRollbacks: a.falseRollbacks + b.falseRollbacks,
    bad: a.bad + b.bad,
    caught: a.caught + b.caught,
    leftToOthers: a.leftToOthers + b.leftToOthers,
    missed: a.missed + b.missed,
    millisecondsToVerdict: [...a.millisecondsToVerdict, ...b.millisecondsToVerdict],
  };
}

/**
 * The time by which so many percent of the bad rollouts that got a failed verdict had it; null when
 * none did.
 */
export function timeToVerdict({ millisecondsToVerdict }: PolicyScore, percent: number): number | null {
  const sorted = [...millisecondsToVerdict].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? null;
}

/**
 * Of several trials those to choose from: of every other one, some trial is in nothing worse and in
 * something better.
 */
export function bestScores(trials: readonly PolicyScore[]): ReadonlySet<PolicyScore> {
  const costs = trials.map(costsOf);
  return new Set(trials.filter((_, index) => !costs.some((others) => dominates(others, costs[index] ?? []))));
}

/** What nobody wants more of, however the rest is. */
function costsOf(trial: PolicyScore): number[] {
  const median = timeToVerdict(trial, 50) ?? Number.POSITIVE_INFINITY;
  return [trial.falseRollbacks, trial.missed, trial.leftToOthers, median];
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  const pairs = a.map((cost, index) => [cost, b[index] ?? cost] as const);
  return pairs.every(([mine, other]) => mine <= other) && pairs.some(([mine, other]) => mine < other);
}
