import { formatInstant } from '../../../state-machines/log/instant';
import type { Difference, End } from '../../../state-machines/replay/policy-comparison';
import { bestScores, type PolicyScore, timeToVerdict } from '../../../state-machines/replay/policy-score';
import type { Backtest } from './backtest';
import { comparisonSummary } from './backtest-summary';

/**
 * The document of a backtest's `--format json`: docs/backtest.md says what its keys mean. Equal
 * histories give equal bytes.
 */
export function formatBacktestDocument(backtest: Backtest): string {
  const { input, plan, truths, compared, differences } = backtest;
  const { read, folded, duplicates, ignored, invalid } = input;
  const comparison = {
    rollouts: compared,
    ...comparisonSummary(differences),
    differences: differences.map(differenceEntry),
  };
  const document = {
    input: { read, folded, duplicates, ignored, invalid },
    truths,
    comparison: plan.before === null ? null : comparison,
    sweep: plan.combinations.length === 0 ? null : sweepEntries(backtest),
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
  return trials.map((trial, index) =>
    trialEntry(trial, { set: plan.combinations[index] ?? {}, isBest: best.has(trial) }),
  );
}

function trialEntry(trial: PolicyScore, about: { readonly set: object; readonly isBest: boolean }) {
  const { falseRollbacks, caught, leftToOthers, missed } = trial;
  const secondsToVerdict = {
    half: secondsOrNull(timeToVerdict(trial, 50)),
    nineTenths: secondsOrNull(timeToVerdict(trial, 90)),
  };
  return { ...about, falseRollbacks, caught, leftToOthers, missed, secondsToVerdict };
}

function secondsOrNull(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 1000;
}
