import type { TaskChanged } from '../log/observed-events';
import type { TaskClass } from '../log/stopped-task';

/**
 * What is known of each task of a rollout, so that no task counts twice: for one task the highest
 * version wins, however its notifications arrive. Buckets keep one change from copying the whole
 * ledger; lists, because objects with thousands of different keys are slow to copy.
 */
export type TaskLedger = readonly (readonly TaskMark[])[];

export interface TaskMark {
  readonly task: string;
  readonly version: number | null;
  readonly hasRun: boolean;
  /**
   * Whether ECS has found a place for it: before that, capacity or network is what it waits for.
   */
  readonly isPlaced: boolean;
  /** The container instance that it was placed on; null on Fargate and where none was told. */
  readonly host: string | null;
  /** Null while the task has not stopped. */
  readonly taskClass: TaskClass | null;
  /** In which phase it was lost; absent unless it counts as a loss of its own. */
  readonly lost?: LossPhase;
}

/** Whether a task was lost before it had settled, or after. */
export type LossPhase = 'start' | 'run';

export const emptyLedger: TaskLedger = [];

const buckets = 64;
const emptyBuckets: TaskLedger = Array.from({ length: buckets }, () => []);
/**
 * A rollout of more than 64 × this many tasks forgets stopped ones, so that its state stays
 * bounded.
 */
const marksPerBucket = 160;

export function markOf(ledger: TaskLedger, task: string): TaskMark | undefined {
  return ledger[bucketOf(task)]?.find((mark) => mark.task === task);
}

export function withMark(ledger: TaskLedger, mark: TaskMark): TaskLedger {
  const all = ledger.length === 0 ? emptyBuckets : ledger;
  const bucket = bucketOf(mark.task);
  const marks = all[bucket] ?? [];
  const index = marks.findIndex(({ task }) => task === mark.task);
  const changed = index < 0 ? [...marks, mark] : marks.with(index, mark);
  return all.with(bucket, changed.length > marksPerBucket ? withoutStopped(changed, mark) : changed);
}

/**
 * Whether the notification tells nothing newer than the mark. Some notifications lack the version:
 * then a stop is final.
 */
export function isStale(change: TaskChanged, mark: TaskMark): boolean {
  if (change.version !== null && mark.version !== null) return change.version <= mark.version;
  return mark.taskClass !== null && change.stopped === null;
}

/** The tasks that run after a notification of one of them. */
export function runningAfter(ledger: TaskLedger, change: TaskChanged): TaskLedger {
  const known = markOf(ledger, change.task);
  if (known !== undefined && isStale(change, known)) return ledger;
  const { task, version, lastStatus } = change;
  const runs = change.stopped === null && (known !== undefined || lastStatus === 'RUNNING');
  if (!runs)
    return known === undefined ? ledger : ledger.map((marks) => marks.filter((mark) => mark !== known));
  return withMark(ledger, {
    task,
    version,
    hasRun: true,
    isPlaced: true,
    host: change.host ?? null,
    taskClass: null,
  });
}

/** Whether the task runs, as far as is known. */
export function isUp({ hasRun, taskClass }: TaskMark): boolean {
  return hasRun && taskClass === null;
}

/** Whether the task has a place and does not run yet. */
export function isPending({ hasRun, isPlaced, taskClass }: TaskMark): boolean {
  return isPlaced && !hasRun && taskClass === null;
}

/** The ledger of the tasks alone that run. */
export function runningIn(ledger: TaskLedger): TaskLedger {
  return ledger.map((bucket) => bucket.filter(isUp));
}

/** How many tasks run on other hosts than this one. */
export function countRunningElsewhere(ledger: TaskLedger, host: string): number {
  return ledger.flat().filter((mark) => isUp(mark) && mark.host !== null && mark.host !== host).length;
}

/** How many tasks the ledgers hold. */
export function countTasks(ledgers: readonly TaskLedger[]): number {
  return ledgers.flat().reduce((count, { length }) => count + length, 0);
}

export function countRunning(ledger: TaskLedger): number {
  return ledger.reduce((count, bucket) => count + bucket.filter(isUp).length, 0);
}

/**
 * Task ids are random hexadecimal: their last character and that before it spread them over the
 * buckets.
 */
function bucketOf(task: string): number {
  const code = (task.charCodeAt(task.length - 2) || 0) * 31 + task.charCodeAt(task.length - 1);
  return (code || 0) % buckets;
}

function withoutStopped(marks: readonly TaskMark[], newest: TaskMark): readonly TaskMark[] {
  return marks.filter((mark) => mark === newest || mark.taskClass === null);
}
