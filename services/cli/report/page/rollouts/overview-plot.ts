import * as Plot from '@observablehq/plot';
import { contractWords, rolloutTitleFrom } from '../../../../sentences/rollout-words';
import type { IndexEntry } from '../../report-data';
import { element } from '../elements/element';
import { described } from '../elements/figure';
import { fitted } from '../elements/fitted';
import { outcomeStyle } from '../elements/outcome-badge';
import { hashOf, rolloutAddress } from '../elements/route';
import { clockText, momentFormat } from '../elements/time-text';
import { outcomeOrPhase } from './rollout-filter';

/**
 * Every rollout with a verdict by when it started and how long its verdict took; the table below it
 * says the same.
 */
export function overviewPlot(entries: readonly IndexEntry[]): HTMLElement {
  const judged = entries.filter(({ secondsToVerdict }) => secondsToVerdict !== null);
  if (judged.length < 2) return element('div');
  const legend = [...new Set(judged.map(outcomeOrPhase))].map((standing) => {
    const { glyph, tone } = outcomeStyle(standing);
    return element('li', { class: tone }, [
      element('span', { 'aria-hidden': 'true' }, [glyph]),
      ` ${contractWords(standing)}`,
    ]);
  });
  return element('section', {}, [
    element('h2', {}, ['Time to verdict']),
    element('figure', {}, [
      element('ul', { class: 'legend' }, legend),
      fitted((width) => drawOverview(judged, width)),
    ]),
  ]);
}

function drawOverview(entries: readonly IndexEntry[], width: number): Element {
  const secondsOf = ({ secondsToVerdict }: IndexEntry) => Math.max(1, secondsToVerdict ?? 0);
  const start = (entry: IndexEntry) => new Date(entry.startedAt);
  const seconds = entries.map(secondsOf);
  const starts = entries.map(({ startedAt }) => startedAt);
  const momentsAtMost = Math.max(2, width / 110);
  const tickFormat = momentFormat(Math.min(...starts), Math.max(...starts), momentsAtMost);
  const ticks = [1, 10, 60, 300, 900, 3600, 14_400, 86_400].filter(
    (tick) => tick >= Math.min(...seconds) / 4 && tick <= Math.max(...seconds) * 3,
  );
  const plot = Plot.plot({
    width,
    height: 190,
    marginLeft: 56,
    marginRight: 16,
    x: { type: 'utc', label: null, axis: null, inset: 12 },
    y: { type: 'log', label: null, axis: null, nice: true },
    marks: [
      Plot.axisX({ ticks: momentsAtMost, tickFormat }),
      Plot.gridY(ticks),
      Plot.axisY(ticks, { tickSize: 0, text: (value: number) => clockText(value * 1000) }),
      Plot.text(entries, {
        x: start,
        y: secondsOf,
        text: (entry) => outcomeStyle(outcomeOrPhase(entry)).glyph,
        fill: (entry) => `var(--tone-${outcomeStyle(outcomeOrPhase(entry)).tone})`,
        fontSize: 13,
        fontWeight: 'bold',
      }),
      Plot.tip(
        entries,
        Plot.pointer({ x: start, y: secondsOf, title: tipText, fill: 'var(--panel)', stroke: 'var(--line)' }),
      ),
    ],
    color: { type: 'identity' },
  });
  plot.addEventListener('click', () => {
    const entry = (plot as { value?: IndexEntry | null }).value;
    if (entry) location.hash = hashOf(rolloutAddress(entry));
  });
  return described(
    plot,
    'img',
    `${entries.length} verdicts by start and time they took. The table has the same.`,
  );
}

function tipText(entry: IndexEntry): string {
  const { secondsToVerdict, verdict } = entry;
  return `${rolloutTitleFrom(entry)}\n${contractWords(outcomeOrPhase(entry))}, ${verdict?.reason} after ${clockText((secondsToVerdict ?? 0) * 1000)}`;
}
