import { type Instant, secondsAfter } from '../../log/instant';
import type { TaskChanged } from '../../log/observed-events';
import { culpritOf, isFailure } from '../../log/stopped-task';
import type { ChangedCount } from '../evidence';
import type { RolloutContext } from '../rollout-context';
import { isUp, type LossPhase, type TaskLedger, type TaskMark, withMark } from '../task-ledger';
import { isWaitedFor } from './cause-kinds';
import {
  type Exposure,
  earliestStartOf,
  exposedUntil,
  runningTasksIn,
  settledAfterSeconds,
  withRunning,
} from './exposure';
import { withEnd } from './start-order';
import { inZone } from './zones';

/** Signals end containers of one host, or of a dependency's clients, at the same moment. */
const sameSignalSeconds = 10;
/** Settled tasks that are lost within so long are one loss. */
export const sameLossSeconds = 30;

/** What a change of a task adds to the exposure; `counted` already holds the change. Pure. */
export function countLoss(
  context: RolloutContext,
  counted: ChangedCount,
  told: TaskChanged,
): Pick<RolloutContext, 'exposure' | 'tasks'> {
  const { tasks, before, after } = counted;
  const { exposure, evidence, past } = context;
  const wasUp = before !== undefined && isUp(before);
  const isLost = isCounted(after, context) && !isCounted(before, context);
  // Until another task runs, or one is lost, nothing has to know how long the tasks have run.
  if (after === undefined || (wasUp === isUp(after) && !isLost && after.lost === undefined)) {
    return { exposure, tasks };
  }
  const until = { at: told.occurredAt, running: evidence.running, past };
  const reached = exposedUntil(exposure, until);
  const change = wasUp ? withStart(told, reached, evidence.running) : told;
  const exposed = withRunning(reached, { before, after, change });
  const ended = withEndOf(exposed, { before, after, change, isLost, running: counted.evidence.running });
  if (isLost) return lostIn(ended, tasks, { after, change });
  const { lost, ...found } = after;
  if (lost === undefined || isCounted(after, context)) return { exposure: ended, tasks };
  return { exposure: withLoss(ended, { lost, change, count: -1 }), tasks: withMark(tasks, found) };
}

/**
 * A notification that lacks the instant of the start, with the earliest that it can have been,
 * where no task of the rollout has settled yet.
 */
function withStart(change: TaskChanged, exposure: Exposure, running: number): TaskChanged {
  if (change.startedAt !== null) return change;
  return { ...change, startedAt: earliestStartOf(exposure, running) };
}

interface TaskEnd {
  readonly before: TaskMark | undefined;
  readonly after: TaskMark;
  readonly change: TaskChanged;
  readonly isLost: boolean;
  readonly running: number;
}

/** In which order tasks end, and how long they lived. */
function withEndOf(exposure: Exposure, { before, after, change, isLost, running }: TaskEnd): Exposure {
  const hasEnded = before !== undefined && isUp(before) && !isUp(after);
  if (!hasEnded && !isLost) return exposure;
  const isFailedStart = isLost && lossPhaseOf(after, change) === 'start';
  const { startedAt, occurredAt } = change;
  if (after.hasRun && startedAt === null) return exposure;
  const livedSeconds = startedAt === null ? 0 : (occurredAt - startedAt) / 1000;
  const end = { livedSeconds, isFailedStart };
  return { ...exposure, order: withEnd(exposure.order, end, runningTasksIn(exposure, running)) };
}

function lostIn(
  exposure: Exposure,
  tasks: TaskLedger,
  { after, change }: Pick<TaskEnd, 'after' | 'change'>,
): Pick<RolloutContext, 'exposure' | 'tasks'> {
  const lost = lossPhaseOf(after, change);
  const shown = { ...exposure, lastLossAt: change.occurredAt };
  const loss = { lost, at: change.occurredAt, isBySignal: endedBySignal(after, change) };
  if (isSameEvent(exposure, loss)) return { exposure: shown, tasks };
  return {
    exposure: withLoss(withSameUntil(shown, loss), { lost, change, count: 1 }),
    tasks: withMark(tasks, { ...after, lost }),
  };
}

function isCounted(mark: TaskMark | undefined, { policy }: Pick<RolloutContext, 'policy'>): boolean {
  const taskClass = mark?.taskClass ?? null;
  if (taskClass === null || !isFailure(taskClass) || isWaitedFor(mark?.causeKind, policy)) return false;
  return policy.failureClasses.includes(taskClass);
}

/** A task without the instant of its start has run for who knows how long. */
function lossPhaseOf({ hasRun }: TaskMark, { startedAt, occurredAt }: TaskChanged): LossPhase {
  if (!hasRun) return 'start';
  return startedAt !== null && occurredAt < secondsAfter(startedAt, settledAfterSeconds) ? 'start' : 'run';
}

interface LossEvent {
  readonly lost: LossPhase;
  readonly at: Instant;
  readonly isBySignal: boolean;
}

/**
 * Whether the loss is one event with the one before: exits by a signal within seconds, as a host
 * that is lost makes them, and settled tasks lost within half a minute.
 */
function isSameEvent({ sameSignalUntil, sameLossUntil }: Exposure, { lost, at, isBySignal }: LossEvent) {
  const isSame = (until: Instant | null) => until !== null && at <= until;
  return (isBySignal && isSame(sameSignalUntil)) || (lost === 'run' && isSame(sameLossUntil));
}

function withSameUntil(exposure: Exposure, { lost, at, isBySignal }: LossEvent): Exposure {
  return {
    ...exposure,
    ...(isBySignal ? { sameSignalUntil: secondsAfter(at, sameSignalSeconds) } : {}),
    ...(lost === 'run' ? { sameLossUntil: secondsAfter(at, sameLossSeconds) } : {}),
  };
}

/** The exposure with one loss more, or without one of which a later report says that it is none. */
function withLoss(
  exposure: Exposure,
  { lost, change, count }: { readonly lost: LossPhase; readonly change: TaskChanged; readonly count: 1 | -1 },
): Exposure {
  const { failedStarts, losses } = exposure;
  const zone = change.availabilityZone ?? null;
  // What was excused is no longer counted: it cannot be taken back twice.
  return lost === 'start'
    ? {
        ...exposure,
        failedStarts: Math.max(0, failedStarts + count),
        zones: inZone(exposure.zones, zone, { failedStarts: count }),
      }
    : {
        ...exposure,
        losses: Math.max(0, losses + count),
        zones: inZone(exposure.zones, zone, { losses: count }),
      };
}

/**
 * SIGKILL or SIGTERM from outside. What ran out of memory has a class of its own, and a task that
 * fails its check is ended by ECS in this way: those are failures of their own.
 */
function endedBySignal({ taskClass }: TaskMark, { stopped }: TaskChanged): boolean {
  if (stopped === null || taskClass !== 'essential-container-exited') return false;
  const exitCode = culpritOf(stopped)?.exitCode;
  return exitCode === 137 || exitCode === 143;
}
