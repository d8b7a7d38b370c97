import * as Plot from '@observablehq/plot';
import type { MeasuredPoint } from '../../../../../state-machines/analysis/measured-point';
import { windowSeconds } from '../../../../../state-machines/log/measuring/measurement';
import type { RolloutDetail } from '../../report-data';
import { described } from '../elements/figure';
import { TimeFigure } from '../rollouts/time-figure';

interface WindowPlot {
  /** Tells its hatching from those of other figures of the page. */
  readonly name: string;
  readonly width: number;
  readonly y: Plot.ScaleOptions;
  readonly label: string;
  /** The windows without counts, which are hatched. */
  readonly gaps: readonly MeasuredPoint[];
  marks(time: TimeFigure): readonly Plot.Markish[];
}

const margins = { left: 64, right: 16 };

/** A figure over windows: phases behind, gaps hatched, turning points in front. */
export function windowPlot(detail: RolloutDetail, parts: WindowPlot): Element {
  const { name, width, y, label, gaps, marks } = parts;
  const time = new TimeFigure(detail);
  const inner = width - margins.left - margins.right;
  const plot = Plot.plot({
    width,
    height: 190,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: 24,
    marginBottom: 28,
    x: time.scale(width),
    y: { insetTop: 16, ticks: 4, grid: true, ...y },
    marks: [
      ...time.bands(inner),
      hatching(name),
      Plot.rectX(gaps, {
        x1: ({ until }) => time.since(until - windowSeconds * 1000),
        x2: ({ until }) => time.since(until),
        fill: `url(#${hatchingId(name)})`,
      }),
      ...marks(time),
      ...time.rules(inner),
    ],
  });
  return described(plot, 'img', label);
}

/** A line that evidence or a ratio has to reach, with its name. */
export function limitLine(value: number, text: string, side: 'left' | 'right' = 'right'): Plot.Markish[] {
  return [
    Plot.ruleY([value], { stroke: 'var(--threshold)', strokeDasharray: '6 4' }),
    Plot.text([value], {
      y: (limit) => limit,
      text: () => text,
      frameAnchor: side,
      textAnchor: side === 'right' ? 'end' : 'start',
      dx: side === 'right' ? 0 : 5,
      dy: -7,
      fill: 'var(--threshold)',
    }),
  ];
}

function hatchingId(name: string): string {
  return `hatching-${name}`;
}

const svg = 'http://www.w3.org/2000/svg';

function hatching(name: string): Plot.Markish {
  return () => {
    const pattern = document.createElementNS(svg, 'pattern');
    const line = document.createElementNS(svg, 'path');
    const definitions = document.createElementNS(svg, 'defs');
    const size = { id: hatchingId(name), width: '7', height: '7', patternUnits: 'userSpaceOnUse' };
    for (const [key, value] of Object.entries(size)) pattern.setAttribute(key, value);
    line.setAttribute('d', 'M0,7 L7,0');
    line.setAttribute('stroke', 'var(--muted)');
    line.setAttribute('stroke-width', '1.2');
    pattern.append(line);
    definitions.append(pattern);
    return definitions;
  };
}
