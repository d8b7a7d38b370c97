import { formatInstant } from '../../../state-machines/log/instant';
import { type Estimate, isToldFromGiven } from '../../../state-machines/replay/policy-choice';
import type { Difference, End } from '../../../state-machines/replay/policy-comparison';
import {
  bestScores,
  emptyScore,
  notCaught,
  type PolicyScore,
  timeToVerdict,
} from '../../../state-machines/replay/policy-score';
import { rateOf } from '../../../state-machines/replay/rate';
import type { Backtest } from './backtest';
import { type Choice, type ServiceAdvice, servicesWithoutBad } from './backtest-advice';
import { withoutBadSentence } from './backtest-advice-text';
import { comparisonSummary } from './backtest-summary';

/**
 * The document of a backtest's `--format json`: docs/backtest.md says what its keys mean. Equal
 * histories give equal bytes.
 */
export function formatBacktestDocument(backtest: Backtest): string {
  const { input, plan, truths, compared, differences, trials, services } = backtest;
  const { read, folded, duplicates, ignored, invalid } = input;
  const comparison = {
    rollouts: compared,
    ...comparisonSummary(differences),
    differences: differences.map(differenceEntry),
  };
  const document = {
    schema: 'rewind.backtest/1',
    input: { read, folded, duplicates, ignored, invalid },
    truths,
    comparison: plan.before === null ? null : comparison,
    sweep: plan.combinations.length === 1 ? null : sweepEntries(backtest),
    given: { seconds: backtest.milliseconds / 1000, ...scoreEntry(trials[0] ?? emptyScore) },
    choice: backtest.choice === null ? null : choiceEntry(backtest.choice, backtest),
    services: services.map((each) => serviceEntry(each, backtest)),
    withoutBad: servicesWithoutBad(services),
    warning: withoutBadSentence(backtest),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function differenceEntry(difference: Difference) {
  const { service, deployment, taskDefinition, startedAt, truth, change } = difference;
  const { before, after, laterByMilliseconds, tasksSpared } = difference;
  return {
    service,
    deployment,
    taskDefinition,
    startedAt: formatInstant(startedAt),
    truth,
    change,
    before: endEntry(before),
    after: endEntry(after),
    laterBySeconds: secondsOrNull(laterByMilliseconds),
    tasksSpared,
  };
}

function endEntry({ verdict, outcome }: End) {
  if (verdict === null) return { verdict: null, outcome };
  const { result, reason, message, at, eventId } = verdict;
  return { verdict: { result, reason, message, at: formatInstant(at), eventId }, outcome };
}

function sweepEntries({ plan, trials }: Backtest) {
  const best = bestScores(trials);
  return trials.map((trial, index) => ({
    set: plan.combinations[index] ?? {},
    isBest: best.has(trial),
    isToldFromGiven: isToldFromGiven(trial),
    ...scoreEntry(trial),
  }));
}

function scoreEntry(score: PolicyScore) {
  const { good, bad, falseRollbacks, caught, leftToOthers, missed } = score;
  return {
    good,
    bad,
    falseRollbacks,
    caught,
    leftToOthers,
    missed,
    falseRate: rateEntry(falseRollbacks, good),
    missedRate: rateEntry(missed, bad),
    notCaughtRate: rateEntry(notCaught(score), bad),
    secondsToVerdict: {
      half: secondsOrNull(timeToVerdict(score, 50)),
      nineTenths: secondsOrNull(timeToVerdict(score, 90)),
    },
  };
}

/** Null where nothing was counted. */
function rateEntry(count: number, of: number) {
  if (of === 0) return null;
  const { share, from, to } = rateOf(count / of, of);
  return { share: rounded(share), from: rounded(from), to: rounded(to) };
}

function choiceEntry({ combination, cost, saving, unseen }: Choice, { plan }: Backtest) {
  return {
    set: plan.combinations[combination] ?? {},
    cost: estimateEntry(cost),
    saving: estimateEntry(saving),
    costUnseen: unseen === null ? null : rounded(unseen),
  };
}

function serviceEntry({ service, mode, score, readiness, better }: ServiceAdvice, { plan }: Backtest) {
  return {
    service,
    mode,
    readiness,
    ...scoreEntry(score),
    better:
      better === null
        ? null
        : { set: plan.combinations[better.combination] ?? {}, saving: estimateEntry(better.saving) },
  };
}

function estimateEntry({ value, from, to }: Estimate) {
  return { value: rounded(value), from: rounded(from), to: rounded(to) };
}

/** To what figures of some thousand rollouts can say. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function secondsOrNull(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 1000;
}
