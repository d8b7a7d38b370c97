import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Policy } from '../../../state-machines/log/policy';
import {
  chooseScore,
  costOf,
  type Estimate,
  savingOf,
  type Wish,
} from '../../../state-machines/replay/policy-choice';
import { addScores, emptyScore, type PolicyScore } from '../../../state-machines/replay/policy-score';
import type { BacktestResult } from './backtest-task';

/** What a history advises for one service. */
export interface ServiceAdvice {
  readonly service: ServiceArn;
  readonly mode: Policy['mode'];
  /** How the policy as it is given fares with the service. */
  readonly score: PolicyScore;
  readonly readiness: Readiness;
  /** What is better for this service, so clearly that its own history tells; null: nothing. */
  readonly better: { readonly combination: number; readonly saving: Estimate } | null;
}

/**
 * `ready`: so few good rollouts would be taken back that the policy may be enforced; `tooMany`; or
 * `unknown`: too few good ones to tell.
 */
export type Readiness = 'ready' | 'tooMany' | 'unknown';

/** The combination that fits best what was wished for. */
export interface Choice {
  readonly combination: number;
  readonly cost: Estimate;
  readonly saving: Estimate;
  /**
   * What it costs to choose on one half of the services, measured on the other, both ways; null
   * where there are too few services, or nothing to choose.
   */
  readonly unseen: number | null;
}

const goodAtLeast = 10;
/** What readiness is held to where nobody says. */
const falseAtMostUsually = 0.02;

/** The scores of every policy tried, over all services. */
export function sumOfTrials(found: readonly BacktestResult[], policies: number): PolicyScore[] {
  return Array.from({ length: policies }, (_, index) =>
    found.map(({ trials }) => trials[index] ?? emptyScore).reduce(addScores, emptyScore),
  );
}

/** What is best for all services together; null where nothing is allowed. Pure. */
export function chooseForAll(found: readonly BacktestResult[], wish: Wish): Choice | null {
  const sums = sumOfTrials(found, found[0]?.trials.length ?? 0);
  const combination = chooseScore(sums, wish);
  const chosen = sums[combination ?? -1];
  if (combination === null || chosen === undefined) return null;
  return {
    combination,
    cost: costOf(chosen, wish.prices),
    saving: savingOf(chosen, wish.prices),
    unseen: costUnseen(found, wish),
  };
}

function costUnseen(found: readonly BacktestResult[], wish: Wish): number | null {
  const sorted = found.toSorted((a, b) => (a.service < b.service ? -1 : 1));
  const policies = found[0]?.trials.length ?? 0;
  const halves = [0, 1].map((half) =>
    sumOfTrials(
      sorted.filter((_, index) => index % 2 === half),
      policies,
    ),
  );
  const costs = halves.map((scores, half) => {
    const measured = halves[1 - half]?.[chooseScore(scores, wish) ?? -1];
    return measured === undefined || measured.good + measured.bad === 0
      ? Number.NaN
      : costOf(measured, wish.prices).value;
  });
  const sum = costs.reduce((total, cost) => total + cost, 0);
  return Number.isNaN(sum) ? null : sum;
}

/** What the history advises for each service, those first that need somebody's look. Pure. */
export function adviseServices(
  found: readonly BacktestResult[],
  { wish, falseAtMost }: { readonly wish: Wish | null; readonly falseAtMost: number | null },
): ServiceAdvice[] {
  const limit = falseAtMost ?? falseAtMostUsually;
  return found
    .map(({ service, mode, trials }) => {
      const score = trials[0] ?? emptyScore;
      const better = wish === null ? null : betterFor(trials, wish);
      return { service, mode, score, readiness: readinessOf(score, limit), better };
    })
    .sort(
      (a, b) =>
        b.score.falseRollbacks - a.score.falseRollbacks ||
        b.score.missed - a.score.missed ||
        (a.service < b.service ? -1 : 1),
    );
}

function readinessOf({ good, falseRollbacks }: PolicyScore, falseAtMost: number): Readiness {
  if (falseRollbacks > falseAtMost * good) return 'tooMany';
  return good < goodAtLeast ? 'unknown' : 'ready';
}

function betterFor(trials: readonly PolicyScore[], wish: Wish): ServiceAdvice['better'] {
  const combination = chooseScore(trials, wish);
  const chosen = trials[combination ?? -1];
  if (combination === null || combination === 0 || chosen === undefined) return null;
  const saving = savingOf(chosen, wish.prices);
  return saving.from > 0 ? { combination, saving } : null;
}

/**
 * Services of which the history shows no bad rollout: where ECS and people took nothing back, a bad
 * release is as good as a good one to everybody who looks.
 */
export function servicesWithoutBad(services: readonly ServiceAdvice[]) {
  const spotless = services.filter(({ score }) => score.bad === 0 && score.good > 0);
  return {
    services: spotless.length,
    falseRollbacks: spotless.reduce((sum, { score }) => sum + score.falseRollbacks, 0),
  };
}
