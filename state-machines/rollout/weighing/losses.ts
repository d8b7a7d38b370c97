import { type Instant, secondsAfter } from '../../log/instant';
import type { TaskChanged } from '../../log/observed-events';
import { culpritOf, isFailure, type StoppedTask, type TaskClass } from '../../log/stopped-task';
import type { RolloutContext } from '../rollout-context';
import { type LossPhase, markOf, type TaskLedger, type TaskMark, withMark } from '../task-ledger';
import { type Exposure, exposedUntil, settledAfterSeconds, withRunning } from './exposure';

/** Signals end containers of one host, or of a dependency's clients, at the same moment. */
const sameSignalSeconds = 10;
const sameLossSeconds = 30;

/** What a change of a task adds to the exposure; `tasks` already hold the change. Pure. */
export function countLoss(
  context: RolloutContext,
  tasks: TaskLedger,
  change: TaskChanged,
): Pick<RolloutContext, 'exposure' | 'tasks'> {
  const after = markOf(tasks, change.task);
  const { exposure, evidence, past } = context;
  if (after === undefined) return { exposure, tasks };
  const before = markOf(context.tasks, change.task);
  const at = change.occurredAt;
  const reached = exposedUntil(exposure, { at, running: evidence.running, past });
  const exposed = withRunning(reached, { before, after, change });
  const counts = (mark: TaskMark | undefined) => isCounted(mark?.taskClass ?? null, context);
  if (counts(before) === counts(after)) return { exposure: exposed, tasks };
  if (!counts(after)) {
    const { lost, ...found } = after;
    return lost === undefined
      ? { exposure: exposed, tasks }
      : { exposure: withoutLoss(exposed, lost), tasks: withMark(tasks, found) };
  }
  const lost = lossPhaseOf(after, change);
  if (isSameEvent(exposed, lost, change)) return { exposure: exposed, tasks };
  return { exposure: withLoss(exposed, lost, change), tasks: withMark(tasks, { ...after, lost }) };
}

function isCounted(taskClass: TaskClass | null, { policy }: Pick<RolloutContext, 'policy'>): boolean {
  return taskClass !== null && isFailure(taskClass) && policy.failureClasses.includes(taskClass);
}

/** A task without the instant of its start has run for who knows how long. */
function lossPhaseOf({ hasRun }: TaskMark, { startedAt, occurredAt }: TaskChanged): LossPhase {
  if (!hasRun) return 'start';
  return startedAt !== null && occurredAt < secondsAfter(startedAt, settledAfterSeconds) ? 'start' : 'run';
}

/**
 * Whether the loss is one event with the one before: exits by a signal within seconds, as a host
 * that is lost makes them, and settled tasks lost within half a minute.
 */
function isSameEvent(exposure: Exposure, phase: LossPhase, { occurredAt, stopped }: TaskChanged) {
  const { sameSignalUntil, sameLossUntil } = exposure;
  const isSame = (until: Instant | null) => until !== null && occurredAt <= until;
  return (
    (stopped !== null && endedBySignal(stopped) && isSame(sameSignalUntil)) ||
    (phase === 'run' && isSame(sameLossUntil))
  );
}

/** The exposure with a loss that is an event of its own. */
function withLoss(exposure: Exposure, phase: LossPhase, change: TaskChanged): Exposure {
  const { occurredAt, stopped } = change;
  const isBySignal = stopped !== null && endedBySignal(stopped);
  const counts =
    phase === 'start' ? { failedStarts: exposure.failedStarts + 1 } : { losses: exposure.losses + 1 };
  return {
    ...exposure,
    ...counts,
    ...(isBySignal ? { sameSignalUntil: secondsAfter(occurredAt, sameSignalSeconds) } : {}),
    ...(phase === 'run' ? { sameLossUntil: secondsAfter(occurredAt, sameLossSeconds) } : {}),
  };
}

/** The exposure without a loss of which a later report says that it is none. */
function withoutLoss(exposure: Exposure, phase: LossPhase): Exposure {
  return phase === 'start'
    ? { ...exposure, failedStarts: exposure.failedStarts - 1 }
    : { ...exposure, losses: exposure.losses - 1 };
}

/** SIGKILL or SIGTERM from outside; what ran out of memory has a class of its own. */
function endedBySignal(stopped: StoppedTask): boolean {
  const exitCode = culpritOf(stopped)?.exitCode;
  return exitCode === 137 || exitCode === 143;
}
