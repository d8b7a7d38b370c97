import * as Plot from '@observablehq/plot';
import type { Policy } from '../../../../../state-machines/log/policy';
import type { EvidencePoint, RolloutDetail } from '../../report-data';
import { described } from '../elements/figure';
import { TimeFigure } from './time-figure';

/** How many tasks have to fail for a failed verdict when so many have started. */
export function failuresThatTip({ minimumFailures, failurePercent }: Policy, started: number): number {
  return Math.max(minimumFailures, Math.floor((failurePercent * started) / 100) + 1);
}

interface EvidenceLine {
  readonly name: string;
  readonly look: { readonly stroke: string; readonly strokeWidth: number; readonly strokeDasharray?: string };
  readonly value: (point: EvidencePoint) => number;
}

/** The failed tasks against the number that tips the verdict, which grows with the started ones. */
export function evidencePlot(detail: RolloutDetail, width: number): Element {
  const time = new TimeFigure(detail);
  const points = extended(detail, time);
  const { policy, weighed } = detail.rollout;
  const lines: readonly EvidenceLine[] = [
    {
      name: 'started',
      look: { stroke: 'var(--muted)', strokeWidth: 1.4 },
      value: ({ started }) => started,
    },
    ...(weighed === null ? [tippingLine(policy)] : []),
    { name: 'failed', look: { stroke: 'var(--failed)', strokeWidth: 2.5 }, value: ({ failed }) => failed },
  ];
  const last = points.at(-1);
  const labels = last === undefined ? [] : apart(lines.map((line) => ({ ...line, y: line.value(last) })));
  const highest = Math.max(1, ...points.map(({ started }) => started), ...labels.map(({ y }) => y));
  const isWide = width >= 640;
  const marginRight = isWide ? 128 : 16;
  const inner = width - 44 - marginRight;
  const plot = Plot.plot({
    width,
    height: 220,
    marginLeft: 44,
    marginRight,
    marginTop: 24,
    marginBottom: 28,
    x: time.scale(width),
    y: {
      insetTop: 16,
      domain: [0, highest * 1.08],
      label: 'tasks',
      ticks: Math.min(5, highest),
      tickFormat: 'd',
      grid: true,
    },
    marks: [
      ...time.bands(inner),
      ...lines.map(({ look, value }) =>
        Plot.line(points, { x: ({ at }) => time.since(at), y: value, curve: 'step-after', ...look }),
      ),
      ...time.rules(inner),
      Plot.text(labels, {
        x: time.duration,
        y: 'place',
        text: ({ y, name }) => `${y.toLocaleString('en-US')} ${name}`,
        fill: ({ look }) => look.stroke,
        ...(isWide ? { textAnchor: 'start', dx: 6 } : { textAnchor: 'end', dx: -6, dy: -7 }),
      }),
    ],
  });
  return described(plot, 'img', evidenceSentence(detail));
}

/** How many failures are too many, by `percent`. */
function tippingLine(policy: Policy): EvidenceLine {
  return {
    name: 'failures that tip',
    look: { stroke: 'var(--threshold)', strokeWidth: 1.4, strokeDasharray: '6 4' },
    value: ({ started }) => failuresThatTip(policy, started),
  };
}

/** The evidence in words, as it stands at the end. */
export function evidenceSentence({ rollout: { evidence, policy, weighed } }: RolloutDetail): string {
  const { started, failed } = evidence;
  if (weighed !== null) {
    return `${failed.toLocaleString('en-US')} of ${started.toLocaleString('en-US')} started tasks failed; how much that weighs is shown below.`;
  }
  const tips = failuresThatTip(policy, started);
  return `${failed.toLocaleString('en-US')} of ${started.toLocaleString('en-US')} started tasks failed; of so many, ${tips.toLocaleString('en-US')} are enough for a failed verdict (more than ${policy.failurePercent} %, at least ${policy.minimumFailures}).`;
}

/** From the very start of the axis to its very end. */
function extended({ evidence }: RolloutDetail, { startedAt, duration }: TimeFigure): EvidencePoint[] {
  const none = { at: startedAt, started: 0, ran: 0, failed: 0, ratio: null };
  const last = evidence.at(-1) ?? none;
  return [none, ...evidence, { ...last, at: startedAt + duration }];
}

/** Labels whose lines end close to each other are moved apart, the highest staying where it is. */
function apart<Label extends { readonly y: number }>(labels: readonly Label[]) {
  const sorted = [...labels].sort((a, b) => b.y - a.y);
  const gap = Math.max(1, ...labels.map(({ y }) => y)) * 0.095;
  let above = Number.POSITIVE_INFINITY;
  return sorted.map((label, index) => {
    const room = (sorted.length - 1 - index) * gap;
    above = Math.max(Math.min(label.y, above - gap), room);
    return { ...label, place: above };
  });
}
