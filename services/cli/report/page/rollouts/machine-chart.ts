import type { Arrow } from '../../../../../state-machines/rollout/machine-chart';
import type { Rollout, Transition } from '../../../../../state-machines/rollout/rollout';
import { contractWords } from '../../../../sentences/rollout-words';
import type { ReportIndex } from '../../report-data';
import { svgElement } from '../elements/element';

/** The deployment machine, from its own definition. */
export type Machine = Pick<ReportIndex, 'phases' | 'arrows'>;

const boxWidth = 118;
const boxHeight = 40;
const columnWidth = 254;
/** How much higher an arc rises for each phase that it leaves out. */
const arcStep = 44;

/** Every arrow from one phase to another, as one line of the chart. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly arrows: readonly Arrow[];
  readonly steps: readonly (Transition & { readonly number: number })[];
}

/**
 * The machine as it runs, from its own definition, with the way that the rollout took. Phases stand
 * in the order of the definition: arrows to the next one are straight, those that leave some out
 * are arcs, those that go back are arcs below.
 */
export function machineChart({ phases, arrows }: Machine, rollout: Rollout): SVGElement {
  const edges = edgesOf(phases, arrows, rollout.transitions);
  const visited = new Set(['watching', ...rollout.transitions.map(({ to }) => to as string)]);
  const width = (phases.length - 1) * columnWidth + boxWidth + 8;
  const hasBack = edges.some(({ from, to }) => to < from);
  const above = (phases.length - 1) * arcStep;
  const height = above + boxHeight + (hasBack ? above : 4);
  return svgElement(
    'svg',
    {
      viewBox: `0 ${-above} ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': pathInWords(rollout),
      class: 'chart',
    },
    [
      arrowHead('arrow', 'var(--faint)'),
      arrowHead('arrow-taken', 'var(--accent)'),
      ...[...edges].sort((a, b) => a.steps.length - b.steps.length).map(drawEdge),
      ...phases.map((phase, column) =>
        drawPhase(phase, column, { isVisited: visited.has(phase), isNow: phase === rollout.phase }),
      ),
    ],
  );
}

function pathInWords({ transitions, phase }: Rollout): string {
  const path = ['watching', ...transitions.map(({ to }) => to)].map(contractWords).join(', then ');
  return `The deployment machine. The rollout was ${path}; it is ${contractWords(phase)}.`;
}

function edgesOf(
  phases: readonly string[],
  arrows: readonly Arrow[],
  transitions: readonly Transition[],
): Edge[] {
  const moves = arrows.filter(({ to, from }) => to !== null && to !== from);
  const groups = Map.groupBy(moves, ({ from, to }) => `${from} ${to}`);
  const steps = transitions.map((transition, index) => ({ ...transition, number: index + 1 }));
  return [...groups.values()].flatMap((group) => {
    const [{ from, to } = { from: '', to: '' }] = group;
    const taken = steps.filter((step) => step.from === from && step.to === to);
    return [{ from: phases.indexOf(from), to: phases.indexOf(to ?? ''), arrows: group, steps: taken }];
  });
}

function drawPhase(
  phase: string,
  column: number,
  { isVisited, isNow }: { isVisited: boolean; isNow: boolean },
): SVGElement {
  const x = column * columnWidth + 4;
  const classes = ['phase', isVisited ? 'visited' : '', isNow ? 'now' : ''].join(' ');
  return svgElement('g', { class: classes }, [
    svgElement('rect', { x, y: 0, width: boxWidth, height: boxHeight, rx: 8 }),
    svgElement('text', { x: x + boxWidth / 2, y: boxHeight / 2 + 5, 'text-anchor': 'middle' }, [
      contractWords(phase),
    ]),
  ]);
}

function drawEdge(edge: Edge): SVGElement {
  const { path, labelX, labelY } = shapeOf(edge);
  const isTaken = edge.steps.length > 0;
  const marker = `url(#${isTaken ? 'arrow-taken' : 'arrow'})`;
  const moves = edge.arrows.map(({ move, guard }) => [move, guard].filter(Boolean).join(', if '));
  return svgElement('g', { class: isTaken ? 'edge taken' : 'edge' }, [
    svgElement('title', {}, [moves.join('\n')]),
    svgElement('path', { d: path, 'marker-end': marker }),
    svgElement('text', { x: labelX, y: labelY, 'text-anchor': 'middle' }, [edgeLabel(edge)]),
  ]);
}

/** An arrow that was taken says why; one that was not says how many ways lead along it. */
function edgeLabel({ steps, arrows }: Edge): string {
  if (steps.length > 0) return steps.map(({ number, reason }) => `${number} · ${reason}`).join(', ');
  return arrows.length === 1 ? (arrows[0]?.move ?? '') : `${arrows.length} ways`;
}

function shapeOf({ from, to }: Edge): { path: string; labelX: number; labelY: number } {
  const middle = boxHeight / 2;
  if (to === from + 1) {
    const start = from * columnWidth + 4 + boxWidth;
    const end = to * columnWidth + 4;
    return { path: `M${start},${middle} H${end - 3}`, labelX: (start + end) / 2, labelY: middle - 8 };
  }
  const isBack = to < from;
  const reach = Math.abs(to - from) * arcStep - 8;
  const edgeY = isBack ? boxHeight : 0;
  const controlY = isBack ? edgeY + reach : edgeY - reach;
  const startX = from * columnWidth + 4 + boxWidth * 0.6;
  const endX = to * columnWidth + 4 + boxWidth * (isBack ? 0.6 : 0.4);
  const path = `M${startX},${edgeY} C${startX + 30},${controlY} ${endX - 30},${controlY} ${endX},${isBack ? edgeY + 3 : edgeY - 3}`;
  // A cubic curve comes three quarters of the way to its control points.
  return { path, labelX: (startX + endX) / 2, labelY: edgeY + (controlY - edgeY) * 0.75 - 6 };
}

function arrowHead(id: string, colour: string): SVGElement {
  const attributes = {
    id,
    viewBox: '0 0 8 8',
    refX: 7,
    refY: 4,
    markerWidth: 8,
    markerHeight: 8,
    orient: 'auto',
    markerUnits: 'userSpaceOnUse',
  };
  return svgElement('marker', attributes, [svgElement('path', { d: 'M0,0 L8,4 L0,8 z', fill: colour })]);
}
