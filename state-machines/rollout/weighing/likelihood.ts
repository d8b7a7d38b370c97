import {
  exponential,
  logBeta,
  logGamma,
  logSum,
  naturalLogarithm,
} from '../../log/foundation/exact-functions';
import type { ServicePast } from '../../log/foundation/service-past';

/**
 * How much likelier what a rollout shows is if the release is bad than if its tasks start and run
 * as the service's tasks always have: a ratio for its starts and one for the running of tasks that
 * have settled. "As always" is the predictive distribution from the service's own past, so over
 * services like that a good release reaches a ratio of K at most once in K, however often it is
 * looked at (docs/decisions/0026). Pure; the same bits on every machine.
 */

/** A release may be bad in many ways: this share of its starts fails … */
const badShares = [0.05, 0.1, 0.25, 0.5, 1] as const;
/** … or so many of its tasks are lost in an hour. */
const badRates = [0.3, 1, 3, 10, 30] as const;
/**
 * Of hundreds of starts the share that fails shows so exactly that none of the named ones fits: a
 * little is weighed of any share.
 */
const ofAnyShare = naturalLogarithm(0.02);
const ofNamedShares = naturalLogarithm(0.98);
/** A bad release is at least so many times worse than the past. */
const worseBy = 2;
/**
 * What is held of a service without any past: 2.3 % of its starts fail, and a task is lost in forty
 * hours.
 */
const atFirst = { failedStarts: 0.3, goodStarts: 13, losses: 0.3, taskHours: 12 } as const;
/** Beyond this a ratio says no more. */
const largestLogarithm = naturalLogarithm(1e9);

/** The ratio for so many failed starts; tasks that nobody can judge yet count as good. */
export function ratioOfStarts(
  { starts, failedStarts }: { readonly starts: number; readonly failedStarts: number },
  past: ServicePast,
): number {
  const a = atFirst.failedStarts + past.failedStarts;
  const b = atFirst.goodStarts + past.starts - past.failedStarts;
  const good = starts - failedStarts;
  const worse = Math.min(1, (worseBy * a) / (a + b));
  const ifBad = badShares.map((share) => {
    const least = Math.max(share, worse);
    const ofGood = good === 0 ? 0 : least === 1 ? -Infinity : good * naturalLogarithm(1 - least);
    return failedStarts * naturalLogarithm(least) + ofGood;
  });
  // A share that is no worse than the past speaks for nothing.
  const isWorse = failedStarts >= worse * starts;
  const ifAnyShare = isWorse ? logBeta(1 + failedStarts, 1 + good) : -Infinity;
  const asAlways = logBeta(a + failedStarts, b + good) - logBeta(a, b);
  const weighted = logSum([meanLogarithm(ifBad) + ofNamedShares, ifAnyShare + ofAnyShare]);
  return fromLogarithm(weighted - asAlways);
}

/** What settled tasks have shown, and when a release may have become bad. */
interface SettledRun {
  readonly losses: number;
  readonly taskHours: number;
  readonly turns: Turns;
}

/**
 * A release may turn bad at its start or at any later step of ten minutes, of which the first is
 * the likeliest. What is weighed of all steps together is one logarithm for each rate.
 */
export interface Turns {
  readonly taken: number;
  readonly logarithms: readonly number[];
}

export const noTurns: Turns = { taken: 0, logarithms: [] };

/**
 * The turns with one more, at which so much had been lost and run. What lies before a turn is as
 * always: P(before) over what a bad rate would make of it, so that the rate counts from here on.
 */
export function withTurn({ losses, taskHours, turns }: SettledRun, past: ServicePast): Turns {
  const { taken, logarithms } = turns;
  const before = logarithmOfLosses({ losses, taskHours }, past) - naturalLogarithm((taken + 1) * (taken + 2));
  return {
    taken: taken + 1,
    logarithms: ratesFor(past).map((rate, index) => {
      const turn = before - logarithmAt(rate, { losses, taskHours });
      const earlier = logarithms[index];
      return millionths(earlier === undefined ? turn : logSum([earlier, turn]));
    }),
  };
}

/** The ratio for so many losses in so many hours of settled tasks. */
export function ratioOfRun({ losses, taskHours, turns }: SettledRun, past: ServicePast): number {
  if (turns.taken === 0) return 1;
  const asAlways = logarithmOfLosses({ losses, taskHours }, past);
  const ifBad = ratesFor(past).map(
    (rate, index) => logarithmAt(rate, { losses, taskHours }) + (turns.logarithms[index] ?? 0),
  );
  // The turns that have not come yet say nothing: their weight counts once.
  return fromLogarithm(meanLogarithm(ifBad) - asAlways) + 1 / (turns.taken + 1);
}

type Losses = Pick<SettledRun, 'losses' | 'taskHours'>;

/** How many tasks of the service are lost in an hour of one, as far as its past tells. */
export function usualLossRate(past: ServicePast): number {
  return (atFirst.losses + past.losses) / (atFirst.taskHours + past.taskHours);
}

function ratesFor(past: ServicePast): readonly number[] {
  return badRates.map((rate) => Math.max(rate, worseBy * usualLossRate(past)));
}

function logarithmAt(rate: number, { losses, taskHours }: Losses): number {
  return losses * naturalLogarithm(rate) - rate * taskHours;
}

function logarithmOfLosses({ losses, taskHours }: Losses, past: ServicePast): number {
  const c = atFirst.losses + past.losses;
  const d = atFirst.taskHours + past.taskHours;
  return (
    logGamma(c + losses) -
    logGamma(c) +
    c * naturalLogarithm(d) -
    (c + losses) * naturalLogarithm(d + taskHours)
  );
}

function meanLogarithm(logarithms: readonly number[]): number {
  return logSum(logarithms) - naturalLogarithm(logarithms.length);
}

function fromLogarithm(logarithm: number): number {
  return exponential(Math.min(logarithm, largestLogarithm));
}

function millionths(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
