import * as Plot from '@observablehq/plot';
import type { WeighedEvidence } from '../../../../../state-machines/log/foundation/service-past';
import { ratioSentence } from '../../../../sentences/weighed-sentence';
import type { RolloutDetail } from '../../report-data';
import { described } from '../elements/figure';
import { TimeFigure } from './time-figure';

/** Ratios below say only that nothing speaks against the release. */
const least = 0.1;
const most = 1e6;

/** How many times likelier the evidence is if the release is bad, against what fails it. */
export function ratioPlot(detail: RolloutDetail, weighed: WeighedEvidence, width: number): Element {
  const time = new TimeFigure(detail);
  const within = (ratio: number) => Math.min(most, Math.max(least, ratio));
  const told = detail.evidence.map(({ at, ratio }) => ({ at, ratio: within(ratio ?? 1) }));
  const judgedAt = detail.rollout.verdict?.at ?? time.startedAt + time.duration;
  const last = { at: judgedAt, ratio: within(weighed.ratio) };
  const points = [{ at: time.startedAt, ratio: 1 }, ...told.filter(({ at }) => at < judgedAt), last];
  const highest = Math.max(weighed.neededRatio, ...points.map(({ ratio }) => ratio));
  const marginRight = 16;
  const plot = Plot.plot({
    width,
    height: 180,
    marginLeft: 64,
    marginRight,
    marginTop: 24,
    marginBottom: 28,
    x: time.scale(width),
    y: {
      type: 'log',
      insetTop: 16,
      domain: [least, highest * 3],
      label: 'times likelier if bad',
      ticks: 4,
      tickFormat: (ratio: number) => ratio.toLocaleString('en-US'),
      grid: true,
    },
    marks: [
      ...time.bands(width - 64 - marginRight),
      Plot.ruleY([weighed.neededRatio], { stroke: 'var(--threshold)', strokeDasharray: '6 4' }),
      Plot.text([weighed.neededRatio], {
        y: (ratio) => ratio,
        text: (ratio) => `${ratio} fails it`,
        frameAnchor: 'right',
        textAnchor: 'end',
        dy: -7,
        fill: 'var(--threshold)',
      }),
      Plot.line(points, {
        x: ({ at }) => time.since(at),
        y: 'ratio',
        curve: 'step-after',
        stroke: 'var(--failed)',
        strokeWidth: 2.5,
      }),
      ...time.rules(width - 64 - marginRight),
    ],
  });
  return described(plot, 'img', ratioSentence(weighed));
}
