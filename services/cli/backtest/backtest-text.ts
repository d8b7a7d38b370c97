import type { Difference, EffectOnRollout, End } from '../../../state-machines/replay/policy-comparison';
import type { RolloutLabel } from '../../../state-machines/replay/rollout-labels';
import { counted, formatDuration } from '../../sentences/quantities';
import { contractWords, rolloutTitle } from '../../sentences/rollout-words';
import { inputSummary } from '../input/input-summary';
import type { Colours } from '../terminal/colours';
import { formatHeadline } from '../terminal/headline';
import { labelled, outputColumns, wrap } from '../terminal/text-layout';
import type { Backtest } from './backtest';
import { adviceLines, withoutBadSentence } from './backtest-advice-text';
import { comparisonSummary } from './backtest-summary';
import { tableOfTrials } from './backtest-table';

/**
 * The output of a backtest's `--format text`: what differs, rollout by rollout, then the trade-off
 * of a sweep.
 */
export function* formatBacktestText(backtest: Backtest, colours: Colours): Generator<string> {
  const { plan, truths, differences } = backtest;
  const warning = withoutBadSentence(backtest);
  if (warning !== null) yield `${wrap(warning, outputColumns()).map(colours.yellow).join('\n')}\n\n`;
  if (plan.before !== null) {
    for (const difference of differences) yield `${differenceLines(difference, colours).join('\n')}\n\n`;
    yield `${summaryLines(backtest, colours).join('\n')}\n`;
  }
  if (plan.combinations.length > 1) {
    if (plan.before !== null) yield '\n';
    yield `${tableOfTrials(backtest, colours).join('\n')}\n`;
  }
  if (plan.before !== null || plan.combinations.length > 1) yield '\n';
  yield `${adviceLines(backtest, colours).join('\n')}\n`;
  const known = `${truths.good} good, ${truths.bad} bad, ${truths.unknown} not known`;
  yield `\n${counted(truths.good + truths.bad + truths.unknown, 'rollout')} in truth: ${known}.\n`;
  yield inputSummary(backtest.input);
}

const truthWords: { readonly [truth in RolloutLabel]: string } = {
  good: 'good in truth',
  bad: 'bad in truth',
  unknown: 'truth not known',
};

function differenceLines(difference: Difference, colours: Colours): string[] {
  const { deployment, truth, tasksSpared } = difference;
  const isWorse = (difference.change === 'takenBack') === (truth === 'good');
  const colour = truth === 'unknown' ? colours.yellow : isWorse ? colours.red : colours.green;
  const paint = { subject: colours.bold, ending: colour };
  return [
    formatHeadline({ subject: rolloutTitle(difference), ending: changeSentence(difference), paint }),
    colours.dim(`  ${deployment}, ${truthWords[truth]}`),
    ...labelled('before', endSentence(difference.before, difference)),
    ...labelled('after', endSentence(difference.after, difference)),
    ...(tasksSpared === 0 ? [] : labelled('tasks', sparedTasksSentence(tasksSpared))),
  ];
}

function changeSentence({ change, laterByMilliseconds }: Difference): string {
  const words: { readonly [change in EffectOnRollout]: string } = {
    takenBack: 'would be taken back',
    spared: 'would not be taken back',
    sooner: 'sooner',
    later: 'later',
    otherwise: 'ends otherwise',
  };
  const by = laterByMilliseconds === null ? '' : `${formatDuration(Math.abs(laterByMilliseconds))} `;
  return change === 'sooner' || change === 'later' ? `${by}${words[change]}` : words[change];
}

function endSentence({ verdict, outcome }: End, { startedAt }: Difference): string {
  const end = outcome === null ? 'no end yet' : contractWords(outcome);
  if (verdict === null) return `no verdict; ${end}`;
  return `${verdict.result} after ${formatDuration(verdict.at - startedAt)}: ${verdict.message}; ${end}`;
}

function sparedTasksSentence(tasksSpared: number): string {
  return `${counted(Math.abs(tasksSpared), 'task')} ${tasksSpared > 0 ? 'fewer' : 'more'} would have started`;
}

function summaryLines({ plan, compared, differences }: Backtest, colours: Colours): string[] {
  const { changes, falseRollbacks, missed, tasksSpared } = comparisonSummary(differences);
  const { before, after } = plan.names;
  const tasks = tasksSpared < 0 ? `${-tasksSpared} more` : `${tasksSpared} fewer`;
  return [
    `${colours.bold(counted(compared, 'rollout'))}: ${differences.length} end differently.`,
    ...labelled('before', before),
    ...labelled('after', after),
    ...labelled('taken back', `${changes.takenBack} more, ${falseRollbacks} of them good in truth`),
    ...labelled('not', `${changes.spared} no longer, ${missed} of them bad in truth`),
    ...labelled(
      'verdicts',
      `${changes.sooner} sooner, ${changes.later} later, ${changes.otherwise} otherwise`,
    ),
    ...labelled('tasks', `${tasks} would have started, in rollouts that are not good in truth`),
  ];
}
