import * as Plot from '@observablehq/plot';
import type { MeasuredPoint, MetricLimits } from '../../../../../state-machines/analysis/measured-point';
import type { RolloutDetail } from '../../report-data';
import { limitLine, windowPlot } from './window-figure';

/** What a figure of one metric is drawn from. */
interface MetricFigure {
  readonly detail: RolloutDetail;
  readonly limits: MetricLimits;
  /** What the figure says, in words. */
  readonly label: string;
}

type MetricPoint = MeasuredPoint['metrics'][number];
type PlacedPoint = MetricPoint & { readonly until: number };

/** Ratios and evidence beyond these say no more. */
const ratios = { least: 0.05, most: 200 };
const evidence = { least: 0.001, most: 1e6 };

/** The ratio of both versions' rates over time, with its interval and what it is held to. */
export function ratioOverTime({ detail, limits, label }: MetricFigure, width: number): Element {
  const { points, gaps } = pointsOf(detail, limits);
  const known = points.filter(({ interval }) => interval !== null);
  const within = (ratio: number) => Math.min(ratios.most, Math.max(ratios.least, ratio));
  return windowPlot(detail, {
    name: `ratio-${limits.metric}`,
    width,
    label,
    gaps,
    y: {
      type: 'log',
      domain: [ratios.least, ratios.most],
      label: 'times the old rate',
      tickFormat: plainNumber,
    },
    marks: (time) => [
      Plot.areaY(known, {
        x: ({ until }) => time.since(until),
        y1: ({ interval }) => within(interval?.from ?? 1),
        y2: ({ interval }) => within(interval?.to ?? 1),
        fill: 'var(--accent)',
        fillOpacity: 0.22,
      }),
      Plot.ruleY([1], { stroke: 'var(--muted)' }),
      ...(limits.allowed === null
        ? []
        : limitLine(limits.allowed, `${plainNumber(limits.allowed)} is allowed`)),
      Plot.line(
        known.filter(({ ratio }) => ratio !== null),
        {
          x: ({ until }) => time.since(until),
          y: ({ ratio }) => within(ratio ?? 1),
          stroke: 'var(--accent)',
          strokeWidth: 2,
        },
      ),
    ],
  });
}

/** How much likelier what was seen is if the version is worse than allowed, and if it is not. */
export function evidenceOverTime({ detail, limits, label }: MetricFigure, width: number): Element {
  const { points, gaps } = pointsOf(detail, limits);
  const times = (logarithm: number | null) =>
    Math.min(evidence.most, Math.max(evidence.least, Math.exp(logarithm ?? 0)));
  const line = (value: (point: PlacedPoint) => number | null, stroke: string) => ({ value, stroke });
  const lines = [
    line(({ worse }) => worse, 'var(--failed)'),
    line(({ better }) => better, 'var(--tone-good)'),
  ];
  return windowPlot(detail, {
    name: `evidence-${limits.metric}`,
    width,
    label,
    gaps,
    y: {
      type: 'log',
      domain: [evidence.least, evidence.most],
      label: 'times likelier',
      tickFormat: plainNumber,
    },
    marks: (time) => [
      ...limitLine(Math.exp(limits.fails), `${plainNumber(Math.exp(limits.fails))} fails it`),
      ...limitLine(Math.exp(limits.accepts), `${plainNumber(Math.exp(limits.accepts))} accepts it`, 'left'),
      ...lines.map(({ value, stroke }) =>
        Plot.line(
          points.filter((point) => value(point) !== null),
          { x: ({ until }) => time.since(until), y: (point) => times(value(point)), stroke, strokeWidth: 2 },
        ),
      ),
    ],
  });
}

/** The windows behind which the metric was known, and those that hold no counts of it. */
function pointsOf({ measured }: RolloutDetail, { metric }: MetricLimits) {
  const placed = measured.flatMap((point) => {
    const own = point.metrics.find((one) => one.metric === metric);
    return own === undefined ? [] : [{ point, own: { ...own, until: point.until as number } }];
  });
  return {
    points: placed.map(({ own }): PlacedPoint => own),
    gaps: placed.filter(({ own: { state } }) => state !== 'measured').map(({ point }) => point),
  };
}

function plainNumber(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}
