import type { Reason } from '../log/decided-events';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import type { Rollout } from '../rollout/rollout';
import type { RolloutLabel } from './rollout-labels';

/**
 * How a policy fares with rollouts of which the truth is known. Scores of several services add up
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
  readonly againstGiven: ScoreChanges;
}

/** The same rollouts under another policy: what only one of the two gets wrong. */
interface ScoreChanges {
  readonly falseMore: number;
  readonly falseFewer: number;
  /** Bad ones that it does not fail by itself. */
  readonly missedMore: number;
  readonly missedFewer: number;
}

export const emptyScore: PolicyScore = {
  good: 0,
  falseRollbacks: 0,
  bad: 0,
  caught: 0,
  leftToOthers: 0,
  missed: 0,
  millisecondsToVerdict: [],
  againstGiven: { falseMore: 0, falseFewer: 0, missedMore: 0, missedFewer: 0 },
};

interface ScoreOptions {
  readonly truths: ReadonlyMap<RolloutKey, RolloutLabel>;
  /** What the policy that is compared with makes of the same history. */
  readonly given: readonly Rollout[];
}

/** Verdicts that are not Rewind's own finding, but what ECS or somebody did. */
const byOthers: ReadonlySet<Reason> = new Set(['NativeFailure', 'Operator']);

/** Holds what a policy makes of one service's rollouts against the truth. Pure. */
export function scorePolicy(rollouts: readonly Rollout[], { truths, given }: ScoreOptions): PolicyScore {
  const byKey = keyed(rollouts);
  const givenByKey = keyed(given);
  const keysOf = (wanted: RolloutLabel) =>
    [...truths].filter(([, truth]) => truth === wanted).map(([key]) => key);
  const good = keysOf('good');
  const bad = keysOf('bad');
  const failed = bad.map((key) => byKey.get(key)).filter(hasFailed);
  const caught = failed.filter(failsByItself).length;
  const [isMore, isFewer] = [changeTo(byKey, givenByKey), changeTo(givenByKey, byKey)];
  return {
    good: good.length,
    falseRollbacks: good.filter((key) => failsByItself(byKey.get(key))).length,
    bad: bad.length,
    caught,
    leftToOthers: failed.length - caught,
    missed: bad.length - failed.length,
    millisecondsToVerdict: failed.map(({ verdict, startedAt }) => (verdict?.at ?? startedAt) - startedAt),
    againstGiven: {
      falseMore: good.filter(isMore).length,
      falseFewer: good.filter(isFewer).length,
      missedMore: bad.filter(isFewer).length,
      missedFewer: bad.filter(isMore).length,
    },
  };
}

type RolloutsByKey = ReadonlyMap<RolloutKey, Rollout>;

function keyed(rollouts: readonly Rollout[]): RolloutsByKey {
  return new Map(rollouts.map((each) => [rolloutKey(each), each]));
}

/** Whether a rollout fails by one policy and not by the other. */
function changeTo(one: RolloutsByKey, other: RolloutsByKey): (key: RolloutKey) => boolean {
  return (key) => failsByItself(one.get(key)) && !failsByItself(other.get(key));
}

function hasFailed(rollout: Rollout | undefined): rollout is Rollout {
  return rollout?.verdict?.result === 'failed';
}

function failsByItself(rollout: Rollout | undefined): boolean {
  return hasFailed(rollout) && rollout.verdict !== null && !byOthers.has(rollout.verdict.reason);
}

export function addScores(a: PolicyScore, b: PolicyScore): PolicyScore {
  const [mine, theirs] = [a.againstGiven, b.againstGiven];
  return {
    good: a.good + b.good,
    falseRollbacks: a.falseRollbacks + b.falseRollbacks,
    bad: a.bad + b.bad,
    caught: a.caught + b.caught,
    leftToOthers: a.leftToOthers + b.leftToOthers,
    missed: a.missed + b.missed,
    millisecondsToVerdict: [...a.millisecondsToVerdict, ...b.millisecondsToVerdict],
    againstGiven: {
      falseMore: mine.falseMore + theirs.falseMore,
      falseFewer: mine.falseFewer + theirs.falseFewer,
      missedMore: mine.missedMore + theirs.missedMore,
      missedFewer: mine.missedFewer + theirs.missedFewer,
    },
  };
}

/** Bad rollouts that a policy does not fail by itself, whoever took them back. */
export function notCaught({ bad, caught }: PolicyScore): number {
  return bad - caught;
}

/**
 * The time by which so many percent of the bad rollouts had a failed verdict. One that is missed
 * never has it: null where too few do.
 */
export function timeToVerdict({ millisecondsToVerdict, bad }: PolicyScore, percent: number): number | null {
  const sorted = [...millisecondsToVerdict].sort((a, b) => a - b);
  return sorted[Math.ceil((bad * percent) / 100) - 1] ?? null;
}

/**
 * Of several scores those to choose from: of every other one, some score is in nothing worse and in
 * something better.
 */
export function bestScores(scores: readonly PolicyScore[]): ReadonlySet<PolicyScore> {
  const costs = scores.map(costsOf);
  return new Set(scores.filter((_, index) => !costs.some((others) => dominates(others, costs[index] ?? []))));
}

/** What nobody wants more of, however the rest is. */
function costsOf(score: PolicyScore): number[] {
  const median = timeToVerdict(score, 50) ?? Number.POSITIVE_INFINITY;
  return [score.falseRollbacks, score.missed, score.leftToOthers, median];
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  const pairs = a.map((cost, index) => [cost, b[index] ?? cost] as const);
  return pairs.every(([mine, other]) => mine <= other) && pairs.some(([mine, other]) => mine < other);
}
