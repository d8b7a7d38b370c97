import type { TaskChanged } from './events';
import type { TaskClass } from './stopped-task';

/**
 * What is known of each task of a rollout, so that no task counts twice: for one task the highest version wins, however
 * its notifications arrive. Buckets keep one change from copying the whole ledger.
 */
export type TaskLedger = { readonly [bucket: string]: { readonly [task: string]: TaskMark } };

export interface TaskMark {
  readonly version: number | null;
  readonly hasRun: boolean;
  /** Null while the task has not stopped. */
  readonly taskClass: TaskClass | null;
}

export const emptyLedger: TaskLedger = {};

/** A rollout of more than 64 × this many tasks forgets stopped ones, so that its state stays bounded. */
const marksPerBucket = 160;

export function markOf(ledger: TaskLedger, task: string): TaskMark | undefined {
  return ledger[bucketOf(task)]?.[task];
}

export function withMark(ledger: TaskLedger, task: string, mark: TaskMark): TaskLedger {
  const bucket = bucketOf(task);
  const marks = { ...ledger[bucket], [task]: mark };
  return {
    ...ledger,
    [bucket]: Object.keys(marks).length > marksPerBucket ? withoutStopped(marks, task) : marks,
  };
}

/** Whether the notification tells nothing newer than the mark. Some notifications lack the version: then a stop is final. */
export function isStale(change: TaskChanged, mark: TaskMark): boolean {
  if (change.version !== null && mark.version !== null) return change.version <= mark.version;
  return mark.taskClass !== null && change.stopped === null;
}

/** How many tasks have run and not stopped, as far as is known. */
export function countRunning(ledger: TaskLedger): number {
  return Object.values(ledger)
    .flatMap((marks) => Object.values(marks))
    .filter((mark) => mark.hasRun && mark.taskClass === null).length;
}

/** Task ids are random hexadecimal: their last character and that before it spread them over at most 64 buckets. */
function bucketOf(task: string): string {
  const code = (task.charCodeAt(task.length - 2) || 0) * 31 + task.charCodeAt(task.length - 1);
  return String(code % 64);
}

function withoutStopped(marks: { readonly [task: string]: TaskMark }, newest: string) {
  return Object.fromEntries(
    Object.entries(marks).filter(([task, mark]) => task === newest || mark.taskClass === null),
  );
}
