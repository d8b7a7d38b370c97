import * as Plot from '@observablehq/plot';
import type { Rollout } from '../../../../../state-machines/rollout/rollout';
import { contractWords } from '../../../../sentences/rollout-words';
import type { RolloutDetail, TimelineEntry } from '../../report-data';
import { clockText, elapsedTicks } from '../elements/time-text';

/**
 * What the figures of one rollout have in common: time since its start, its phases as bands, its
 * turning points as rules.
 */
export class TimeFigure {
  readonly duration: number;
  readonly startedAt: number;
  readonly #detail: RolloutDetail;

  constructor(detail: RolloutDetail) {
    this.#detail = detail;
    this.startedAt = detail.rollout.startedAt;
    // A rollout that was over as it began still has an axis.
    this.duration = Math.max(1000, detail.endsAt - this.startedAt);
  }

  /** Milliseconds since the start, within the figure. */
  since(instant: number): number {
    return Math.min(this.duration, Math.max(0, instant - this.startedAt));
  }

  scale(width: number): Plot.ScaleOptions {
    const ticks = elapsedTicks(this.duration, width / 90);
    return { domain: [0, this.duration], ticks, tickFormat: clockText, label: null };
  }

  /** Behind everything else: the phases, named at the top where there is room. */
  bands(width: number): Plot.Markish[] {
    const bands = phasesOf(this.#detail.rollout, this.#detail.endsAt).map(({ phase, from, to }) => ({
      phase,
      x1: this.since(from),
      x2: this.since(to),
    }));
    const named = bands.filter(({ x1, x2 }) => ((x2 - x1) / this.duration) * width > 64);
    return [
      Plot.rectX(bands, { x1: 'x1', x2: 'x2', fill: ({ phase }) => `var(--phase-${phase})`, clip: false }),
      Plot.text(named, {
        x: 'x1',
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dx: 5,
        dy: 3,
        text: ({ phase }) => contractWords(phase),
        fill: 'var(--muted)',
        fontStyle: 'italic',
      }),
    ];
  }

  /** In front: a rule for each turning point, with its number in the list of what happened. */
  rules(width: number): Plot.Markish[] {
    const marked = this.#detail.timeline.filter(({ mark }) => mark !== null && mark > 1);
    const x = ({ at }: { readonly at: number }) => this.since(at);
    const closest = (16 / width) * this.duration;
    const numbered = joined(marked, closest);
    return [
      Plot.ruleX(marked, { x, stroke: 'var(--text)', strokeOpacity: 0.65, strokeDasharray: '2 2' }),
      Plot.text(numbered, {
        x,
        text: 'text',
        frameAnchor: 'top',
        dy: -10,
        fill: 'var(--text)',
        fontWeight: 'bold',
      }),
    ];
  }
}

/** Numbers that would stand on each other stand beside each other, where the first of them does. */
function joined(timeline: readonly TimelineEntry[], closest: number): { at: number; text: string }[] {
  const labels: { at: number; text: string }[] = [];
  for (const { at, mark } of timeline) {
    const last = labels.at(-1);
    if (last !== undefined && at - last.at < closest) last.text += ` ${mark}`;
    else labels.push({ at, text: String(mark) });
  }
  return labels;
}

function phasesOf({ startedAt, transitions }: Rollout, endsAt: number) {
  const starts = [
    { phase: 'watching', from: startedAt as number },
    ...transitions.map(({ to, at }) => ({ phase: to as string, from: at as number })),
  ];
  return starts
    .map((start, index) => ({ ...start, to: starts[index + 1]?.from ?? endsAt }))
    .filter(({ phase }) => phase !== 'done');
}
