import type { ServicePast } from '../../log/foundation/service-past';
import type { Instant } from '../../log/instant';
import type { TaskChanged } from '../../log/observed-events';
import { isUp, type TaskMark } from '../task-ledger';
import { noTurns, type Turns, withTurn } from './likelihood';
import { noOrder, type RunningTasks, type StartOrder } from './start-order';
import { inZone, withoutFailures, type ZoneCounts } from './zones';

/**
 * What a rollout's tasks have shown of starting and of running, apart: what the rule `evidence`
 * weighs. Bounded in space, and a task's change is counted in a time that does not grow.
 */
export interface Exposure {
  /** Starts that failed: the task stopped before it ran, or before it had settled. */
  readonly failedStarts: number;
  /** Tasks lost after they had settled. */
  readonly losses: number;
  /** How long settled tasks have run together, in milliseconds, up to `countedUntil`. */
  readonly settledFor: number;
  readonly countedUntil: Instant;
  /** Running tasks that have not settled yet. */
  readonly settling: readonly SettlingSlot[];
  /** When the first task ran; null before that. */
  readonly firstRanAt: Instant | null;
  readonly turns: Turns;
  /** Until when another exit by a signal, and another loss, is the same event. */
  readonly sameSignalUntil: Instant | null;
  readonly sameLossUntil: Instant | null;
  readonly lastLossAt: Instant | null;
  readonly zones: ZoneCounts;
  readonly order: StartOrder;
  /** Failed starts that something else than the release was to blame for. */
  readonly excusedStarts: number;
}

/** Tasks that began to run in the same ten seconds. */
interface SettlingSlot {
  readonly slot: number;
  readonly count: number;
  /** When the tasks began to run, as the sum of their instants within the slot. */
  readonly offsets: number;
}

/** A task has started well when it has run so long. */
export const settledAfterSeconds = 180;
const slotMilliseconds = 10_000;
const turnMilliseconds = 600_000;
/** A release that runs for a week may turn no more. */
const turnsKept = 1008;
const hour = 3_600_000;

export function noExposure(startedAt: Instant, standing: number): Exposure {
  return {
    failedStarts: 0,
    losses: 0,
    settledFor: 0,
    countedUntil: startedAt,
    settling: [],
    firstRanAt: standing > 0 ? startedAt : null,
    turns: noTurns,
    sameSignalUntil: null,
    sameLossUntil: null,
    lastLossAt: null,
    zones: {},
    order: noOrder,
    excusedStarts: 0,
  };
}

/** The exposure when a suspicion is over, and the tasks are up again: all of it was one event. */
export function excused(exposure: Exposure): Exposure {
  const { failedStarts, losses, excusedStarts } = exposure;
  return {
    ...exposure,
    failedStarts: Math.min(1, failedStarts),
    losses: Math.min(1, losses),
    excusedStarts: excusedStarts + Math.max(0, failedStarts - 1),
    zones: withoutFailures(exposure.zones),
    order: { ...exposure.order, tiers: [] },
  };
}

/** The running tasks of an instant up to which the exposure is counted. */
export function runningTasksIn({ settling, countedUntil }: Exposure, running: number): RunningTasks {
  const young = settling.map(({ slot, count, offsets }) => ({
    began: beganAt({ slot, count, offsets }),
    count,
  }));
  return { at: countedUntil, running, young };
}

/** When the oldest of the running tasks began to run; null where one of them has settled. */
export function earliestStartOf({ settling }: Exposure, running: number): Instant | null {
  const unsettled = settling.reduce((sum, { count }) => sum + count, 0);
  if (unsettled === 0 || running > unsettled) return null;
  return Math.min(...settling.map(beganAt)) as Instant;
}

export function taskHoursOf({ settledFor }: Pick<Exposure, 'settledFor'>): number {
  return settledFor / hour;
}

/** What held until an instant: how many tasks ran, and against which past they count. */
interface Interval {
  readonly at: Instant;
  readonly running: number;
  readonly past: ServicePast;
}

/**
 * The exposure up to an instant: between two events tasks settle and turns pass by time alone, each
 * at its own instant. At most one step for a slot of ten seconds and one for a turn of ten minutes.
 */
export function exposedUntil(exposure: Exposure, { at, running, past }: Interval): Exposure {
  const { firstRanAt, losses, order } = exposure;
  let { settling, settledFor, countedUntil, turns } = exposure;
  while (countedUntil < at) {
    settling = unsettledAt(settling, countedUntil);
    if ((nextTurnOf({ firstRanAt, turns }) ?? Infinity) <= countedUntil) {
      turns = withTurn({ losses, taskHours: taskHoursOf({ settledFor }), turns }, past);
    }
    let next = Math.min(at, nextTurnOf({ firstRanAt, turns }) ?? at);
    let unsettled = 0;
    for (const slot of settling) {
      next = Math.min(next, settledAt(slot));
      unsettled += slot.count;
    }
    settledFor += Math.max(0, running - unsettled) * (next - countedUntil);
    countedUntil = next as Instant;
  }
  settling = unsettledAt(settling, countedUntil);
  const reached = { settling, settledFor, countedUntil, turns };
  if (settling === exposure.settling) {
    return countedUntil === exposure.countedUntil ? exposure : changedExposure(exposure, reached);
  }
  const settled = exposure.settling.filter((slot) => !settling.includes(slot)).map(beganAt);
  const newestSettled = Math.max(order.newestSettled ?? 0, ...settled) as Instant;
  return changedExposure(exposure, { ...reached, order: { ...order, newestSettled } });
}

/** Written out for the same reason as `changedContext`: most counted tasks change it twice. */
function changedExposure(exposure: Exposure, change: Partial<Exposure>): Exposure {
  const copy: Exposure = {
    failedStarts: exposure.failedStarts,
    losses: exposure.losses,
    settledFor: exposure.settledFor,
    countedUntil: exposure.countedUntil,
    settling: exposure.settling,
    firstRanAt: exposure.firstRanAt,
    turns: exposure.turns,
    sameSignalUntil: exposure.sameSignalUntil,
    sameLossUntil: exposure.sameLossUntil,
    lastLossAt: exposure.lastLossAt,
    zones: exposure.zones,
    order: exposure.order,
    excusedStarts: exposure.excusedStarts,
  };
  return Object.assign(copy, change);
}

function unsettledAt(settling: Exposure['settling'], at: Instant): Exposure['settling'] {
  const isUnsettled = (slot: SettlingSlot) => settledAt(slot) > at;
  return settling.every(isUnsettled) ? settling : settling.filter(isUnsettled);
}

function nextTurnOf({
  firstRanAt,
  turns: { taken },
}: Pick<Exposure, 'firstRanAt' | 'turns'>): Instant | null {
  if (firstRanAt === null || taken >= turnsKept) return null;
  return (firstRanAt + taken * turnMilliseconds) as Instant;
}

/** When the tasks of a slot have settled, on the average. */
function settledAt(slot: SettlingSlot): Instant {
  return (beganAt(slot) + settledAfterSeconds * 1000) as Instant;
}

function beganAt({ slot, count, offsets }: SettlingSlot): Instant {
  return (slot * slotMilliseconds + Math.round(offsets / count)) as Instant;
}

/** A task's mark before a change and after it. */
interface MarkChange {
  readonly before: TaskMark | undefined;
  readonly after: TaskMark;
  readonly change: TaskChanged;
}

/** The exposure with a task that has come to run, or runs no more. */
export function withRunning(exposure: Exposure, { before, after, change }: MarkChange): Exposure {
  const wasUp = before !== undefined && isUp(before);
  if (wasUp === isUp(after)) return exposure;
  const began = change.startedAt ?? change.occurredAt;
  const { firstRanAt, settling } = exposure;
  return changedExposure(exposure, {
    firstRanAt: firstRanAt ?? (wasUp ? null : change.occurredAt),
    settling: withSettling(settling, began, wasUp ? -1 : 1),
    zones: inZone(exposure.zones, change.availabilityZone ?? null, { running: wasUp ? -1 : 1 }),
  });
}

function withSettling(settling: Exposure['settling'], began: Instant, change: 1 | -1) {
  const slot = Math.trunc(began / slotMilliseconds);
  const known = settling.find((one) => one.slot === slot);
  if (known === undefined && change === -1) return settling;
  const count = (known?.count ?? 0) + change;
  const offsets = (known?.offsets ?? 0) + change * (began - slot * slotMilliseconds);
  const others = settling.filter((one) => one !== known);
  return count === 0 ? others : [...others, { slot, count, offsets }];
}
