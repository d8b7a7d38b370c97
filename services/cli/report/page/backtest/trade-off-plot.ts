import * as Plot from '@observablehq/plot';
import type { TrialRow } from '../../backtest-data';
import { element } from '../elements/element';
import { described, figure } from '../elements/figure';
import { fitted } from '../elements/fitted';
import { sign } from '../elements/sign';
import { clockText, elapsedTicks } from '../elements/time-text';

/** What stands out in the plot, by shape and by colour; the table below says it in words. */
const kinds = {
  given: { symbol: 'star', colour: 'var(--tone-bad)', words: 'the policy as it is given' },
  best: { symbol: 'circle', colour: 'var(--tone-good)', words: 'one of the best' },
  other: { symbol: 'times', colour: 'var(--muted)', words: 'another' },
} as const;

/**
 * The trade-off of a sweep: good rollouts taken back against the time to a failed verdict on the
 * bad ones.
 */
export function tradeOffPlot(trials: readonly TrialRow[]): HTMLElement {
  const points = trials.flatMap((trial, index) => {
    const { half } = trial.secondsToVerdict;
    return half === null
      ? []
      : [{ ...trial, half, kind: index === 0 ? kinds.given : trial.isBest ? kinds.best : kinds.other }];
  });
  const legend = Object.values(kinds).map(({ symbol, colour, words }) =>
    element('li', {}, [sign(symbol, colour), words]),
  );
  return figure({
    heading: 'The trade-off',
    caption:
      'Upwards: good rollouts taken back. To the right: the time by which half of the bad rollouts had their failed verdict. Down and to the left is better.',
    content: [element('ul', { class: 'legend' }, legend), fitted((width) => drawTradeOff(points, width))],
  });
}

type Point = TrialRow & { readonly half: number; readonly kind: (typeof kinds)[keyof typeof kinds] };

function drawTradeOff(points: readonly Point[], width: number): Element {
  const longest = Math.max(1, ...points.map(({ half }) => half)) * 1000;
  const most = Math.max(1, ...points.map(({ falseRollbacks }) => falseRollbacks));
  const place = { x: (point: Point) => point.half * 1000, y: (point: Point) => point.falseRollbacks };
  // What stands out lies above the rest.
  const sorted = [...points].sort((a, b) => rank(a) - rank(b));
  const plot = Plot.plot({
    width,
    height: 300,
    marginLeft: 44,
    marginRight: 24,
    marginTop: 24,
    marginBottom: 32,
    x: {
      domain: [0, longest * 1.04],
      ticks: elapsedTicks(longest, width / 90),
      tickFormat: clockText,
      label: null,
      grid: true,
    },
    y: {
      domain: [0, most * 1.06],
      ticks: Math.min(6, most),
      tickFormat: 'd',
      label: 'good rollouts taken back',
      grid: true,
    },
    color: { type: 'identity' },
    symbol: { type: 'identity' },
    marks: [
      Plot.dot(sorted, {
        ...place,
        symbol: ({ kind }: Point) => kind.symbol,
        stroke: ({ kind }: Point) => kind.colour,
        r: 6,
        strokeWidth: 2,
        clip: false,
      }),
      Plot.tip(
        sorted,
        Plot.pointer({ ...place, title: tipText, fill: 'var(--panel)', stroke: 'var(--line)' }),
      ),
    ],
  });
  return described(plot, 'img', `${points.length} combinations; the table has the same.`);
}

function rank({ kind }: Point): number {
  return kind === kinds.given ? 2 : kind === kinds.best ? 1 : 0;
}

function tipText({ set, falseRollbacks, missed, half }: Point): string {
  return `${settingsText(set)}\n${falseRollbacks} good taken back, ${missed} bad missed, half by ${clockText(half * 1000)}`;
}

/** What a combination sets, in words. */
export function settingsText(set: TrialRow['set']): string {
  const settings = Object.entries(set).map(([key, value]) => `${key} ${value}`);
  return settings.length === 0 ? 'as given' : settings.join(', ');
}
