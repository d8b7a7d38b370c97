import { bestScores, type PolicyScore, timeToVerdict } from '../../../state-machines/replay/policy-score';
import { formatDuration } from '../../sentences/quantities';
import type { Colours } from '../terminal/colours';
import { width, wrap } from '../terminal/text-layout';
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
    best.has(trial) ? '*' : '',
    ...valueCells(plan.combinations[index] ?? {}, keys),
    String(trial.falseRollbacks),
    String(trial.missed),
    String(trial.leftToOthers),
    ...timeCells(trial),
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padStart(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [colours.bold(line(heads)), ...rows.map(line), '', ...wrap(legend, width)];
}

const legend =
  'false: good rollouts taken back. missed: bad ones without a failed verdict. ' +
  'others: bad ones that failed only when ECS or somebody took them back. ' +
  'half by, 90 % by: from the start of a bad rollout to its failed verdict. ' +
  '*: no other is as good in all of these and better in one. given: the policy as it is.';

function valueCells(combination: PolicyValues, keys: readonly SweptKey[]): string[] {
  return keys.map((key) => String(combination[key] ?? 'given'));
}

function timeCells(trial: PolicyScore): string[] {
  return [50, 90].map((percent) => {
    const milliseconds = timeToVerdict(trial, percent);
    return milliseconds === null ? 'never' : formatDuration(milliseconds);
  });
}
