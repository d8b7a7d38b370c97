import { isToldFromGiven } from '../../../state-machines/replay/policy-choice';
import { bestScores, type PolicyScore, timeToVerdict } from '../../../state-machines/replay/policy-score';
import { countOf, formatDuration } from '../../sentences/quantities';
import type { Colours } from '../terminal/colours';
import { alignedRows, outputColumns, wrap } from '../terminal/text-layout';
import type { Backtest } from './backtest';
import type { PolicyValues, SweptKey } from './backtest-sweep';

/**
 * The trade-off of a sweep, a line for each combination; the first line is the policy as it is
 * given.
 */
export function tableOfTrials({ plan, trials }: Backtest, colours: Colours): string[] {
  const keys = Object.keys(plan.combinations[1] ?? {}) as SweptKey[];
  const best = bestScores(trials);
  const [{ good, bad }] = [trials[0] ?? { good: 0, bad: 0 }];
  const heads = ['', ...keys, `false (of ${good})`, `missed (of ${bad})`, 'others', 'half by', '90 % by'];
  const rows = trials.map((trial, index) => [
    `${best.has(trial) ? '*' : ''}${index === 0 || isToldFromGiven(trial) ? '' : '~'}`,
    ...valueCells(plan.combinations[index] ?? {}, keys),
    countOf(trial.falseRollbacks, trial.good),
    countOf(trial.missed, trial.bad),
    String(trial.leftToOthers),
    ...timeCells(trial),
  ]);
  const [head = '', ...lines] = alignedRows([heads, ...rows], (column) => column > 0);
  return [colours.bold(head), ...lines, '', ...wrap(legend, outputColumns())];
}

const legend =
  'false: good rollouts taken back. missed: bad ones without a failed verdict. ' +
  'In brackets: where the share lies with 95 % certainty (Wilson). ' +
  'others: bad ones that failed only when ECS or somebody took them back. ' +
  'half by, 90 % by: from the start of a bad rollout to its failed verdict; a missed one never has it. ' +
  '*: no other is as good in all of these and better in one. given: the policy as it is. ' +
  '~: this history does not tell it from the given policy, by false or by missed ones (McNemar, 95 %).';

function valueCells(combination: PolicyValues, keys: readonly SweptKey[]): string[] {
  return keys.map((key) => String(combination[key] ?? 'given'));
}

function timeCells(trial: PolicyScore): string[] {
  return [50, 90].map((percent) => {
    const milliseconds = timeToVerdict(trial, percent);
    return milliseconds === null ? 'never' : formatDuration(milliseconds);
  });
}
