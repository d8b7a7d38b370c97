import * as Plot from '@observablehq/plot';
import type { RolloutDetail } from '../../report-data';
import { windowPlot } from './window-figure';

/** The new version's share of the requests, window by window: a staircase. */
export function sharePlot(detail: RolloutDetail, label: string, width: number): Element {
  const { measured } = detail;
  return windowPlot(detail, {
    name: 'share',
    width,
    label,
    gaps: measured.filter(({ share }) => share === null),
    y: { domain: [0, 100], label: '% of the requests' },
    marks: (time) => [
      Plot.areaY(measured, {
        x: ({ until }) => time.since(until),
        y: ({ share }) => (share === null ? Number.NaN : 100 * share),
        curve: 'step-before',
        fill: 'var(--accent)',
        fillOpacity: 0.15,
      }),
      Plot.line(measured, {
        x: ({ until }) => time.since(until),
        y: ({ share }) => (share === null ? Number.NaN : 100 * share),
        curve: 'step-before',
        stroke: 'var(--accent)',
        strokeWidth: 2,
      }),
    ],
  });
}

const strokes = ['var(--failed)', 'var(--threshold)', 'var(--accent)', 'var(--muted)'];

/** What counts against the new version, added up until its users were back with the old one. */
export function damagePlot(detail: RolloutDetail, label: string, width: number): Element {
  const series = damageSeries(detail);
  const highest = Math.max(1, ...series.flatMap(({ points }) => points.map(({ events }) => events)));
  return windowPlot(detail, {
    name: 'damage',
    width,
    label,
    gaps: [],
    y: { domain: [0, highest * 1.1], label: 'answers' },
    marks: (time) =>
      series.flatMap(({ metric, points }, index) => {
        const stroke = strokes[index % strokes.length] ?? 'var(--text)';
        return [
          Plot.line(points, {
            x: ({ until }) => time.since(until),
            y: 'events',
            curve: 'step-after',
            stroke,
            strokeWidth: 2,
          }),
          Plot.text(points.slice(-1), {
            x: ({ until }) => time.since(until),
            y: 'events',
            text: ({ events }) => `${Math.round(events).toLocaleString('en-US')} ${metric}`,
            textAnchor: 'end',
            dx: -4,
            dy: -8,
            fill: stroke,
          }),
        ];
      }),
  });
}

function damageSeries({ measured }: RolloutDetail) {
  const metrics = measured.at(-1)?.metrics ?? [];
  return metrics.map(({ metric }, index) => ({
    metric,
    points: measured.map(({ until, metrics: known }) => ({
      until,
      events: known[index]?.served.events ?? 0,
    })),
  }));
}
