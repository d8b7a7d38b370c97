import { bestTrials, type Trial, timeToVerdict } from '../../../state-machines/replay/policy-score';
import { formatDuration } from '../../sentences/quantities';
import type { Backtest } from './backtest';

const columns = 72;
const rows = 12;

interface Point {
  readonly trial: Trial;
  readonly milliseconds: number;
}

/** The trade-off of a sweep as a plot in text: false rollbacks upwards, time to verdict to the right; both from zero, not logarithmic. */
export function plotOfTrials({ trials }: Backtest): string[] {
  const points = trials.flatMap((trial) => {
    const milliseconds = timeToVerdict(trial, 50);
    return milliseconds === null ? [] : [{ trial, milliseconds }];
  });
  if (points.length === 0) return ['No bad rollout got a failed verdict: there is nothing to plot.'];
  const most = {
    milliseconds: Math.max(...points.map(({ milliseconds }) => milliseconds), 1),
    falseRollbacks: Math.max(...points.map(({ trial }) => trial.falseRollbacks), 1),
  };
  const label = String(most.falseRollbacks);
  const margin = ' '.repeat(label.length);
  const lines = gridOf(points, most, marksOf(trials)).map((line, row) => {
    const left = row === 0 ? label : row === rows - 1 ? '0'.padStart(label.length) : margin;
    return `${left} │${line.join('').trimEnd()}`;
  });
  const end = formatDuration(most.milliseconds);
  return [
    'good rollouts taken back, against the time by which half of the bad ones had their failed verdict',
    ...lines,
    `${margin} └${'─'.repeat(columns)}`,
    `${margin}  0${end.padStart(columns - 1)}`,
    `${margin}  g: the policy as it is given   *: one of the best   ·: another   2 to 9, +: so many of them`,
  ];
}

/** The given policy stands out, and so do the best ones. */
function marksOf(trials: readonly Trial[]): (trial: Trial) => string {
  const best = bestTrials(trials);
  return (trial) => (trial === trials[0] ? 'g' : best.has(trial) ? '*' : '·');
}

function gridOf(
  points: readonly Point[],
  most: { readonly milliseconds: number; readonly falseRollbacks: number },
  markOf: (trial: Trial) => string,
): string[][] {
  const cells = new Map<string, Trial[]>();
  for (const { trial, milliseconds } of points) {
    const column = Math.round((milliseconds / most.milliseconds) * (columns - 1));
    const row = rows - 1 - Math.round((trial.falseRollbacks / most.falseRollbacks) * (rows - 1));
    const place = `${row},${column}`;
    cells.set(place, [...(cells.get(place) ?? []), trial]);
  }
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => markOfCell(cells.get(`${row},${column}`) ?? [], markOf)),
  );
}

function markOfCell(trials: readonly Trial[], markOf: (trial: Trial) => string): string {
  const marks = trials.map(markOf);
  if (marks.length === 0) return ' ';
  const outstanding = ['g', '*'].find((mark) => marks.includes(mark));
  if (outstanding !== undefined) return outstanding;
  return marks.length === 1 ? '·' : marks.length > 9 ? '+' : String(marks.length);
}
