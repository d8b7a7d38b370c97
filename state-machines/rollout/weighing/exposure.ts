import type { ServicePast } from '../../log/foundation/service-past';
import type { Instant } from '../../log/instant';
import type { TaskChanged } from '../../log/observed-events';
import { isUp, type TaskMark } from '../task-ledger';
import { noTurns, type Turns, withTurn } from './likelihood';

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
  };
}

export function taskHoursOf({ settledFor }: Exposure): number {
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
 * at its own instant.
 */
export function exposedUntil(exposure: Exposure, until: Interval): Exposure {
  let reached = exposure;
  while (reached.countedUntil < until.at) reached = exposedStep(reached, until);
  return withoutSettled(reached);
}

/** At most one step for a slot of ten seconds and one for a turn of ten minutes. */
function exposedStep(exposure: Exposure, { at, running, past }: Interval): Exposure {
  const before = withTurnsDue(withoutSettled(exposure), past);
  const { settling, countedUntil } = before;
  const next = Math.min(at, nextTurnOf(before) ?? at, ...settling.map(settledAt)) as Instant;
  const unsettled = settling.reduce((sum, { count }) => sum + count, 0);
  const settled = Math.max(0, running - unsettled);
  return {
    ...before,
    settledFor: before.settledFor + settled * (next - countedUntil),
    countedUntil: next,
  };
}

function withoutSettled(exposure: Exposure): Exposure {
  const settling = exposure.settling.filter((slot) => settledAt(slot) > exposure.countedUntil);
  return settling.length === exposure.settling.length ? exposure : { ...exposure, settling };
}

function withTurnsDue(exposure: Exposure, past: ServicePast): Exposure {
  const turnAt = nextTurnOf(exposure);
  if (turnAt === null || turnAt > exposure.countedUntil) return exposure;
  const { losses, turns } = exposure;
  return { ...exposure, turns: withTurn({ losses, taskHours: taskHoursOf(exposure), turns }, past) };
}

function nextTurnOf({ firstRanAt, turns: { taken } }: Exposure): Instant | null {
  if (firstRanAt === null || taken >= turnsKept) return null;
  return (firstRanAt + taken * turnMilliseconds) as Instant;
}

/** When the tasks of a slot have settled, on the average. */
function settledAt({ slot, count, offsets }: SettlingSlot): Instant {
  const began = slot * slotMilliseconds + Math.round(offsets / count);
  return (began + settledAfterSeconds * 1000) as Instant;
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
  return {
    ...exposure,
    firstRanAt: firstRanAt ?? (wasUp ? null : change.occurredAt),
    settling: withSettling(settling, began, wasUp ? -1 : 1),
  };
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
