import { svgElement } from '../../../report/page/elements/element';
import { clockText, elapsedTicks } from '../../../report/page/elements/time-text';
import type { RolloutLife } from '../../data/dashboard-data';

const height = 72;
const happenedY = 18;
const learntY = 44;
const tick = 5;
/** Of the slider below: its thumb stands in the middle of the place that it names. */
const inset = 8;

/**
 * What happened when (above), and when it was learnt (below): a fact that came late leans over.
 * What lies behind the slider was not known there.
 */
export function knowledgeFigure(life: RolloutLife, at: number | null, width: number): SVGElement {
  const { from, to, happened, learnt, turns, late } = life;
  const x = (instant: number) =>
    inset + ((Math.min(to, Math.max(from, instant)) - from) / (to - from)) * (width - 2 * inset);
  const cursor = at === null ? null : x(at);
  const isKnown = (recordedAt: number) => at === null || recordedAt <= at;
  return svgElement(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': inWords(life, at) },
    [
      line(x(from), x(to), happenedY),
      line(x(from), x(to), learntY),
      ...ticks(happened.map(x), happenedY, 'happened'),
      ...ticks(learnt.map(x), learntY, 'learnt'),
      ...late.map(({ occurredAt, recordedAt }) =>
        lateLine(x(occurredAt), x(recordedAt), isKnown(recordedAt)),
      ),
      ...turns.map(({ at: turnAt, text }) => diamond(x(turnAt), text, isKnown(turnAt))),
      ...(cursor === null
        ? []
        : [
            svgElement('rect', {
              x: cursor,
              y: 0,
              width: Math.max(0, width - cursor),
              height: learntY + 12,
              class: 'not-known',
            }),
            svgElement('line', { x1: cursor, x2: cursor, y1: 0, y2: learntY + 12, class: 'cursor' }),
          ]),
      ...axis(life, width, x),
      label('happened', happenedY - 8),
      label('learnt', learntY - 8),
    ],
  );
}

function line(x1: number, x2: number, y: number): SVGElement {
  return svgElement('line', { x1, x2, y1: y, y2: y, class: 'rail' });
}

function ticks(places: readonly number[], y: number, kind: string): SVGElement[] {
  const path = places.map((place) => `M${place.toFixed(1)},${y - tick}v${2 * tick}`).join('');
  return [svgElement('path', { d: path, class: kind })];
}

function lateLine(x1: number, x2: number, isKnown: boolean): SVGElement {
  return svgElement('g', { class: isKnown ? 'late known' : 'late' }, [
    svgElement('line', { x1, x2, y1: happenedY, y2: learntY }),
    svgElement('circle', { cx: x1, cy: happenedY, r: 3.5 }),
    svgElement('circle', { cx: x2, cy: learntY, r: 3.5 }),
  ]);
}

function diamond(place: number, text: string, isKnown: boolean): SVGElement {
  const points = `${place},${learntY - 6} ${place + 5},${learntY} ${place},${learntY + 6} ${place - 5},${learntY}`;
  return svgElement('polygon', { points, class: isKnown ? 'turn known' : 'turn' }, [
    svgElement('title', {}, [text]),
  ]);
}

function axis({ from, to }: RolloutLife, width: number, x: (instant: number) => number): SVGElement[] {
  return elapsedTicks(to - from, Math.max(2, width / 90)).map((elapsed) =>
    svgElement(
      'text',
      {
        x: x(from + elapsed),
        y: height - 3,
        'text-anchor': anchorAt(x(from + elapsed), width),
        class: 'axis',
      },
      [clockText(elapsed)],
    ),
  );
}

/** Words at the border stay within it. */
function anchorAt(place: number, width: number): string {
  if (place < 20) return 'start';
  return place > width - 20 ? 'end' : 'middle';
}

function label(words: string, y: number): SVGElement {
  return svgElement('text', { x: inset, y, class: 'rail-name' }, [words]);
}

function inWords({ late, turns, facts }: RolloutLife, at: number | null): string {
  const unknown = at === null ? 0 : late.filter(({ recordedAt }) => recordedAt > at).length;
  const then = at === null ? '' : ` At the slider ${unknown} of the late ones are not known yet.`;
  return `${facts} facts over the life of the rollout, ${late.length} of them late, and ${turns.length} decisions.${then}`;
}
