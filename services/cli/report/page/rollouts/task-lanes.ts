import * as Plot from '@observablehq/plot';
import type { RolloutDetail, TaskLane } from '../../report-data';
import { described } from '../elements/figure';
import { classChannels, colourOf } from './task-class-style';
import { TimeFigure } from './time-figure';

const laneHeight = 17;
/** Below this width the classes at the ends of the lanes are signs only. */
const wide = 640;

/** What a lane is drawn from, and what it links to. */
interface Lanes {
  readonly detail: RolloutDetail;
  readonly tasks: readonly TaskLane[];
  readonly hrefOf: (task: string) => string;
}

/**
 * A lane a task: pending thin, running thick, stopping thin again; at its end the sign and the name
 * of its class.
 */
export function taskLanes({ detail, tasks, hrefOf }: Lanes, width: number): Element {
  const time = new TimeFigure(detail);
  const isWide = width >= wide;
  const margins = { marginLeft: 86, marginRight: isWide ? 172 : 22, marginTop: 24, marginBottom: 28 };
  const stopped = tasks.flatMap((lane) =>
    lane.taskClass === null ? [] : [{ ...lane, taskClass: lane.taskClass }],
  );
  const inner = width - margins.marginLeft - margins.marginRight;
  const y = 'task';
  const plot = Plot.plot({
    width,
    height: Math.max(3, tasks.length) * laneHeight + margins.marginTop + margins.marginBottom + 16,
    ...margins,
    x: { ...time.scale(width), axis: 'bottom' },
    y: { insetTop: 16, domain: tasks.map(({ task }) => task), axis: null, padding: 0.2 },
    color: { type: 'identity' },
    symbol: { type: 'identity' },
    marks: [
      ...time.bands(inner),
      ...statuses.map(({ colour, inset, between }) =>
        Plot.barX(
          tasks.flatMap((lane) => segmentOf(lane, between(lane, detail.endsAt), time)),
          { y, x1: 'x1', x2: 'x2', fill: colour, insetTop: inset, insetBottom: inset },
        ),
      ),
      ...time.rules(inner),
      Plot.dot(stopped, {
        y,
        // A task still on its way down has its class where it turned.
        x: ({ stoppedAt, stoppingAt }) => time.since(stoppedAt ?? stoppingAt ?? 0),
        r: 4,
        strokeWidth: 1.8,
        ...classChannels,
      }),
      Plot.text(tasks, {
        y,
        frameAnchor: 'left',
        textAnchor: 'end',
        dx: -8,
        fontFamily: 'var(--monospace)',
        fill: 'var(--link)',
        text: ({ task }) => task.slice(0, 8),
        href: ({ task }) => hrefOf(task),
        ariaLabel: (lane: TaskLane) => `${lane.task.slice(0, 8)}, ${lane.taskClass ?? lane.lastStatus}`,
      }),
      ...(isWide ? [classNames(tasks)] : []),
    ],
  });
  return described(
    plot,
    'group',
    `${tasks.length} task lanes; each name opens the notifications of its task`,
  );
}

/** The three stretches of a task's life, in its own words. */
export const statuses = [
  {
    name: 'pending',
    colour: 'var(--pending)',
    inset: 4,
    between: (lane: TaskLane, end: number) =>
      [lane.createdAt, lane.runningAt ?? lane.stoppingAt ?? lane.stoppedAt ?? end] as const,
  },
  {
    name: 'running',
    colour: 'var(--running)',
    inset: 1,
    between: (lane: TaskLane, end: number) =>
      [lane.runningAt, lane.stoppingAt ?? lane.stoppedAt ?? end] as const,
  },
  {
    name: 'stopping',
    colour: 'var(--stopping)',
    inset: 5,
    between: (lane: TaskLane, end: number) => [lane.stoppingAt, lane.stoppedAt ?? end] as const,
  },
];

function segmentOf({ task }: TaskLane, [from, to]: readonly [number | null, number], time: TimeFigure) {
  return from === null || to <= from ? [] : [{ task, x1: time.since(from), x2: time.since(to) }];
}

function classNames(tasks: readonly TaskLane[]): Plot.Markish {
  return Plot.text(tasks, {
    y: 'task',
    frameAnchor: 'right',
    textAnchor: 'start',
    dx: 10,
    text: ({ taskClass, lastStatus }) => taskClass ?? lastStatus,
    fill: ({ taskClass }) => (taskClass === null ? 'var(--muted)' : colourOf(taskClass)),
  });
}
