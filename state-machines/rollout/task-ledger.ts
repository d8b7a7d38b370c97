import { fingerprintOf } from '../log/fingerprint';
import type { TaskChanged } from '../log/observed-events';
import type { CauseKind, TaskClass } from '../log/stopped-task';

/**
 * What is known of each task of a rollout, so that no task counts twice: for one task the highest
 * version wins, however its notifications arrive. Buckets keep one change from copying the whole
 * ledger; lists, because objects with thousands of different keys are slow to copy.
 */
export type TaskLedger = readonly TaskBucket[];

interface TaskBucket {
  readonly marks: readonly TaskMark[];
  /** Ten characters for each stopped task of which only this is kept: that it has counted. */
  readonly forgotten: string;
}

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
  /** What its failure says of a further try; absent where it says nothing. */
  readonly causeKind?: CauseKind;
  /** In which phase it was lost; absent unless it counts as a loss of its own. */
  readonly lost?: LossPhase;
  /** Nothing else is known of it than that it stopped, and has counted. Never kept in a ledger. */
  readonly isForgotten?: true;
}

/** Whether a task was lost before it had settled, or after. */
export type LossPhase = 'start' | 'run';

export const emptyLedger: TaskLedger = [];

const buckets = 64;
const emptyBucket: TaskBucket = { marks: [], forgotten: '' };
const emptyBuckets: TaskLedger = Array.from({ length: buckets }, () => emptyBucket);
/**
 * A bucket with more marks keeps those of the tasks that run, and of the last ones that stopped.
 */
const marksPerBucket = 64;
const stoppedPerBucket = 32;
/**
 * Tasks of which it is kept that they have counted, some 32,000 in all: ECS shows a stopped task
 * for an hour, and starts fewer in that time.
 */
const forgottenPerBucket = 500;
const keyLength = 10;

export function markOf(ledger: TaskLedger, task: string): TaskMark | undefined {
  const bucket = ledger[bucketOf(task)];
  if (bucket === undefined) return undefined;
  return bucket.marks.find((mark) => mark.task === task) ?? forgottenIn(bucket, task);
}

/** Every task of which more is kept than that it has counted. */
export function marksIn(ledger: TaskLedger): TaskMark[] {
  return ledger.flatMap(({ marks }) => marks);
}

export function withMark(ledger: TaskLedger, mark: TaskMark): TaskLedger {
  const all = ledger.length === 0 ? emptyBuckets : ledger;
  const place = bucketOf(mark.task);
  const { marks, forgotten } = all[place] ?? emptyBucket;
  const index = marks.findIndex(({ task }) => task === mark.task);
  const bucket = { marks: withOne(marks, index, mark), forgotten };
  return all.with(place, bucket.marks.length > marksPerBucket ? forgetting(bucket) : bucket);
}

function withoutMark(ledger: TaskLedger, mark: TaskMark): TaskLedger {
  const place = bucketOf(mark.task);
  const { marks, forgotten } = ledger[place] ?? emptyBucket;
  return ledger.with(place, { marks: marks.filter((other) => other !== mark), forgotten });
}

/**
 * Whether the notification tells nothing newer than the mark. Some notifications lack the version:
 * then a stop is final.
 */
export function isStale(change: TaskChanged, mark: TaskMark): boolean {
  if (mark.isForgotten) return true;
  if (change.version !== null && mark.version !== null) return change.version <= mark.version;
  return mark.taskClass !== null && change.stopped === null;
}

/** The tasks that run after a notification of one of them. */
export function runningAfter(ledger: TaskLedger, change: TaskChanged): TaskLedger {
  const known = markOf(ledger, change.task);
  if (known !== undefined && isStale(change, known)) return ledger;
  const { task, version, lastStatus } = change;
  const runs = change.stopped === null && (known !== undefined || lastStatus === 'RUNNING');
  if (!runs) return known === undefined ? ledger : withoutMark(ledger, known);
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
  return marksWhere(ledger, isUp);
}

/** How many tasks run on other hosts than this one. */
export function countRunningElsewhere(ledger: TaskLedger, host: string): number {
  return marksIn(ledger).filter((mark) => isUp(mark) && mark.host !== null && mark.host !== host).length;
}

/** How many tasks the ledgers hold. */
export function countTasks(ledgers: readonly TaskLedger[]): number {
  let count = 0;
  for (const ledger of ledgers) for (const { marks } of ledger) count += marks.length;
  return count;
}

export function countRunning(ledger: TaskLedger): number {
  return ledger.reduce((count, { marks }) => count + marks.filter(isUp).length, 0);
}

/** What stopped last stands last. */
function withOne(marks: readonly TaskMark[], index: number, mark: TaskMark): readonly TaskMark[] {
  const hasStopped = mark.taskClass !== null && marks[index]?.taskClass === null;
  if (index < 0 || hasStopped) return [...marks.filter((_, other) => other !== index), mark];
  return marks.with(index, mark);
}

function marksWhere(ledger: TaskLedger, isKept: (mark: TaskMark) => boolean): TaskLedger {
  return ledger.map(({ marks, forgotten }) => ({ marks: marks.filter(isKept), forgotten }));
}

function bucketOf(task: string): number {
  return fingerprintOf(task) % buckets;
}

/** Forty bits beside those of the bucket: two of 32,000 tasks are never taken for one. */
function keyOfForgotten(task: string): string {
  const high = fingerprintOf(task, keySeed).toString(16).padStart(8, '0');
  const low = ((fingerprintOf(task) / buckets) & 0xff).toString(16).padStart(2, '0');
  return high + low;
}

const keySeed = 0x9e3779b9;

function forgottenIn({ forgotten }: TaskBucket, task: string): TaskMark | undefined {
  if (forgotten === '') return undefined;
  const key = keyOfForgotten(task);
  for (let at = 0; at < forgotten.length; at += keyLength) {
    if (forgotten.startsWith(key, at)) return { ...forgottenMark, task };
  }
  return undefined;
}

const forgottenMark = {
  version: null,
  hasRun: true,
  isPlaced: true,
  host: null,
  taskClass: 'unclassified',
  isForgotten: true,
} as const;

/** Of the tasks that stopped first, only that they have counted is kept. */
function forgetting({ marks, forgotten }: TaskBucket): TaskBucket {
  const stopped = marks.filter(({ taskClass }) => taskClass !== null);
  const gone = new Set(stopped.slice(0, -stoppedPerBucket));
  if (gone.size === 0) return { marks, forgotten };
  const keys = forgotten + [...gone].map(({ task }) => keyOfForgotten(task)).join('');
  return {
    marks: marks.filter((mark) => !gone.has(mark)),
    forgotten: keys.slice(-forgottenPerBucket * keyLength),
  };
}
