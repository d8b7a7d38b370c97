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
  /** Null while the task has not stopped. */
  readonly taskClass: TaskClass | null;
}

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

/** How many tasks have run and not stopped, as far as is known. */
export function countRunning(ledger: TaskLedger): number {
  return ledger.flat().filter(({ hasRun, taskClass }) => hasRun && taskClass === null).length;
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
