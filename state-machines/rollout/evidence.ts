import { valueAt } from '../log/foundation/value-at';
import type { TaskChanged } from '../log/observed-events';
import type { Policy } from '../log/policy';
import {
  type CauseKind,
  causeKindOf,
  classify,
  culpritOf,
  isFailure,
  type StoppedTask,
  type TaskClass,
} from '../log/stopped-task';
import { type FirstFailure, firstFailuresAfter } from './first-failures';
import {
  countRunning,
  countRunningElsewhere,
  isPending,
  isStale,
  isUp,
  markOf,
  type TaskLedger,
  type TaskMark,
  withMark,
} from './task-ledger';

/**
 * What a rollout's tasks have shown so far: counts, and the first failures for people to read.
 * Bounded in space.
 */
export interface Evidence {
  readonly started: number;
  /** Tasks that reached RUNNING. */
  readonly ran: number;
  /** Tasks that have a place and have not come to run yet, as far as is known. */
  readonly pending: number;
  /** Tasks that run, as far as is known. */
  readonly running: number;
  readonly failed: number;
  /** Stopped tasks by class; classes that were not seen are absent. */
  readonly byClass: { readonly [taskClass in TaskClass]?: number };
  /** Failed tasks of the counted classes that say something of a further try; zeros are absent. */
  readonly byCauseKind: { readonly [kind in CauseKind]?: number };
  /** Failed tasks by host, of the first three hosts; an empty name stands for an unknown host. */
  readonly failedByHost: { readonly [host: string]: number };
  /** At most three. */
  readonly firstFailures: readonly FirstFailure[];
  /**
   * Service actions that report trouble (placement, throttling …), by eventName; at most twenty
   * names.
   */
  readonly impairments: { readonly [eventName: string]: number };
}

export const noEvidence: Evidence = {
  started: 0,
  ran: 0,
  pending: 0,
  running: 0,
  failed: 0,
  byClass: {},
  byCauseKind: {},
  failedByHost: {},
  firstFailures: [],
  impairments: {},
};

const hostsKept = 3;
const impairmentNamesKept = 20;

interface TaskCount {
  readonly evidence: Evidence;
  readonly tasks: TaskLedger;
}

/** With what a task showed before a change and after it; both absent where nothing counted. */
export interface ChangedCount extends TaskCount {
  readonly before?: TaskMark | undefined;
  readonly after?: TaskMark;
}

/**
 * Tasks that ran already when the rollout started count as started and running: a rollback, or a
 * rollout that takes over tasks, is not judged by those alone that end.
 */
export function countStanding(tasks: TaskLedger): Evidence {
  return withStanding(noEvidence, countRunning(tasks));
}

/** The evidence with so many more tasks that ran at the start, of which nothing else is known. */
export function withStanding(evidence: Evidence, standing: number): Evidence {
  const { started, ran, running } = evidence;
  return { ...evidence, started: started + standing, ran: ran + standing, running: running + standing };
}

/**
 * Counts what one notification adds to what its task has already shown. Pure; a stale or repeated
 * one changes nothing.
 */
export function countTask(
  { evidence, tasks }: TaskCount,
  change: TaskChanged,
  policy: Pick<Policy, 'normalExitCodes' | 'failureClasses'>,
): ChangedCount {
  const known = markOf(tasks, change.task);
  if (known !== undefined && isStale(change, known)) return { evidence, tasks };
  const mark = markAfter(known, change, policy);
  const { taskClass, hasRun, host } = mark;
  const marked = withMark(tasks, mark);
  // Most notifications tell of a step on the way that counts for nothing.
  const isStepOnly =
    known !== undefined && isSameStep(known, mark) && known.taskClass === null && taskClass === null;
  if (isStepOnly) return { evidence, tasks: marked };
  const count = (is: (one: TaskMark) => boolean) =>
    Number(is(mark)) - Number(known !== undefined && is(known));
  const byClass = moved(evidence.byClass, known?.taskClass ?? null, taskClass);
  const failed = byClass === evidence.byClass ? evidence.failed : failedIn(byClass, policy);
  return {
    before: known,
    after: mark,
    tasks: marked,
    // Written out: to lay all these keys over a spread object takes V8 many times as long.
    evidence: {
      started: evidence.started + (known === undefined ? 1 : 0),
      ran: evidence.ran + (hasRun && known?.hasRun !== true ? 1 : 0),
      pending: evidence.pending + count(isPending),
      running: evidence.running + count(isUp),
      failed,
      byClass,
      byCauseKind: moved(evidence.byCauseKind, known?.causeKind ?? null, mark.causeKind ?? null),
      failedByHost: withFailures(evidence.failedByHost, host, failed - evidence.failed),
      firstFailures: firstFailuresAfter(evidence.firstFailures, change, {
        mark,
        isNew: failed > evidence.failed,
      }),
      impairments: evidence.impairments,
    },
  };
}

function markAfter(
  known: TaskMark | undefined,
  change: TaskChanged,
  policy: Pick<Policy, 'normalExitCodes' | 'failureClasses'>,
): TaskMark {
  const { task, lastStatus, startedAt, stopped } = change;
  const mark = {
    task,
    version: change.version ?? known?.version ?? null,
    hasRun: known?.hasRun === true || lastStatus === 'RUNNING' || startedAt !== null,
    isPlaced: known?.isPlaced === true || lastStatus !== 'PROVISIONING',
    host: change.host ?? known?.host ?? null,
    taskClass: stopped === null ? (known?.taskClass ?? null) : classOfStop(stopped, policy),
  };
  const lost = known?.lost;
  const kept = lost === undefined ? mark : { ...mark, lost };
  const causeKind = stopped === null ? known?.causeKind : countedKindOf(stopped, mark, policy);
  return causeKind === undefined ? kept : { ...kept, causeKind };
}

/** A class that does not count for the service says nothing of its release. */
function countedKindOf(
  stopped: StoppedTask,
  { taskClass }: Pick<TaskMark, 'taskClass'>,
  { failureClasses }: Pick<Policy, 'failureClasses'>,
): CauseKind | undefined {
  const isCounted = taskClass !== null && isFailure(taskClass) && failureClasses.includes(taskClass);
  return isCounted ? (causeKindOf(stopped, taskClass) ?? undefined) : undefined;
}

function isSameStep(a: TaskMark, b: TaskMark): boolean {
  return a.hasRun === b.hasRun && a.isPlaced === b.isPlaced;
}

/** The evidence under another policy: which classes count may differ. */
export function recounted(evidence: Evidence, policy: Pick<Policy, 'failureClasses'>): Evidence {
  return { ...evidence, failed: failedIn(evidence.byClass, policy) };
}

/** The class of a stop; an end that is normal for the service is as good as an intended one. */
export function classOfStop(
  stopped: StoppedTask,
  { normalExitCodes }: Pick<Policy, 'normalExitCodes'>,
): TaskClass {
  const taskClass = classify(stopped);
  if (taskClass !== 'essential-container-exited') return taskClass;
  const exitCode = culpritOf(stopped)?.exitCode;
  return exitCode != null && normalExitCodes.includes(exitCode) ? 'intended' : taskClass;
}

/**
 * A later version of a stopped task may tell more than the first (an exit code, out of memory): its
 * class moves.
 */
function moved<Key extends string>(
  known: { readonly [key in Key]?: number },
  before: Key | null,
  after: Key | null,
): { readonly [key in Key]?: number } {
  if (before === after) return known;
  const counts: { [key in Key]?: number } = { ...known };
  if (before !== null) {
    const left = (counts[before] ?? 0) - 1;
    if (left > 0) counts[before] = left;
    else delete counts[before];
  }
  if (after !== null) counts[after] = (counts[after] ?? 0) + 1;
  return counts;
}

function failedIn(byClass: Evidence['byClass'], { failureClasses }: Pick<Policy, 'failureClasses'>): number {
  return failureClasses.reduce((failed, taskClass) => failed + (byClass[taskClass] ?? 0), 0);
}

function withFailures(kept: Evidence['failedByHost'], host: string | null, failures: number) {
  const key = host ?? '';
  if (failures === 0 || (kept[key] === undefined && Object.keys(kept).length >= hostsKept)) return kept;
  return { ...kept, [key]: (kept[key] ?? 0) + failures };
}

/** Counts a service action that reports trouble. It is shown, never held against the rollout. */
export function countImpairment(evidence: Evidence, eventName: string): Evidence {
  const count = valueAt(evidence.impairments, eventName);
  if (count === undefined && Object.keys(evidence.impairments).length >= impairmentNamesKept) return evidence;
  const impairments = {
    ...evidence.impairments,
    [eventName]: (count ?? 0) + 1,
  };
  return { ...evidence, impairments };
}

/**
 * The only host on which tasks of the release failed, while more of them run on other hosts than
 * failed on it: then it is the host's fault. Null when it is not.
 */
export function hostToBlame({ failed, failedByHost }: Evidence, tasks: TaskLedger): string | null {
  const [host, ...others] = Object.keys(failedByHost).filter((name) => (failedByHost[name] ?? 0) > 0);
  if (host === undefined || host === '' || others.length > 0 || failedByHost[host] !== failed) return null;
  return countRunningElsewhere(tasks, host) >= Math.max(runningElsewhereAtLeast, failed) ? host : null;
}

/** One task that runs elsewhere may be about to fail as well. */
const runningElsewhereAtLeast = 2;

/**
 * Whether new tasks do not get up: some have a place and do not run, or none runs and some failed.
 */
export function isHung({ pending, running, failed }: Evidence): boolean {
  return pending > 0 || (running === 0 && failed > 0);
}
