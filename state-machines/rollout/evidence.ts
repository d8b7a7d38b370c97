import type { TaskChanged } from '../log/observed-events';
import type { Policy } from '../log/policy';
import {
  classify,
  culpritOf,
  describeStop,
  type FailureClass,
  isFailure,
  type TaskClass,
} from '../log/stopped-task';
import { isStale, markOf, type TaskLedger, withMark } from './task-ledger';

/**
 * What a rollout's tasks have shown so far: counts, and the first failures for people to read.
 * Bounded in space.
 */
export interface Evidence {
  readonly started: number;
  /** Tasks that reached RUNNING. */
  readonly ran: number;
  readonly failed: number;
  /** Stopped tasks by class; classes that were not seen are absent. */
  readonly byClass: { readonly [taskClass in TaskClass]?: number };
  /** At most three. */
  readonly firstFailures: readonly FirstFailure[];
  /**
   * Service actions that report trouble (placement, throttling …), by eventName; at most twenty
   * names.
   */
  readonly impairments: { readonly [eventName: string]: number };
}

export interface FirstFailure {
  readonly task: string;
  readonly taskClass: FailureClass;
  /** The container to look at first, and how it ended; null when ECS told of none. */
  readonly container: string | null;
  readonly exitCode: number | null;
  readonly reason: string;
}

export const noEvidence: Evidence = {
  started: 0,
  ran: 0,
  failed: 0,
  byClass: {},
  firstFailures: [],
  impairments: {},
};

const firstFailuresKept = 3;
const impairmentNamesKept = 20;

interface Counted {
  readonly evidence: Evidence;
  readonly tasks: TaskLedger;
}

/**
 * Counts what one notification adds to what its task has already shown. Pure; a stale or repeated
 * one changes nothing.
 */
export function countTask({ evidence, tasks }: Counted, change: TaskChanged): Counted {
  const known = markOf(tasks, change.task);
  if (known !== undefined && isStale(change, known)) return { evidence, tasks };
  const taskClass = change.stopped === null ? (known?.taskClass ?? null) : classify(change.stopped);
  const hasRun = known?.hasRun === true || change.lastStatus === 'RUNNING' || change.startedAt !== null;
  const mark = { task: change.task, version: change.version ?? known?.version ?? null, hasRun, taskClass };
  const marked = withMark(tasks, mark);
  // Most notifications tell of a step on the way that counts for nothing.
  const isStepOnly =
    known !== undefined && known.hasRun === hasRun && known.taskClass === null && taskClass === null;
  if (isStepOnly) return { evidence, tasks: marked };
  return {
    tasks: marked,
    evidence: {
      ...reclassified(evidence, known?.taskClass ?? null, taskClass),
      started: evidence.started + (known === undefined ? 1 : 0),
      ran: evidence.ran + (hasRun && known?.hasRun !== true ? 1 : 0),
      firstFailures: withFirstFailure(evidence.firstFailures, change, taskClass),
    },
  };
}

/**
 * A later version of a stopped task may tell more than the first (an exit code, out of memory): its
 * class moves.
 */
function reclassified(evidence: Evidence, before: TaskClass | null, after: TaskClass | null): Evidence {
  if (before === after) return evidence;
  const byClass = { ...evidence.byClass };
  if (before !== null) {
    const left = (byClass[before] ?? 0) - 1;
    if (left > 0) byClass[before] = left;
    else delete byClass[before];
  }
  if (after !== null) byClass[after] = (byClass[after] ?? 0) + 1;
  const failed = evidence.failed + weight(after) - weight(before);
  return { ...evidence, byClass, failed };
}

function weight(taskClass: TaskClass | null): 0 | 1 {
  return taskClass !== null && isFailure(taskClass) ? 1 : 0;
}

function withFirstFailure(kept: readonly FirstFailure[], change: TaskChanged, taskClass: TaskClass | null) {
  if (change.stopped === null || taskClass === null || !isFailure(taskClass)) return kept;
  if (kept.length >= firstFailuresKept || kept.some((failure) => failure.task === change.task)) return kept;
  const culprit = culpritOf(change.stopped);
  const { task, stopped } = change;
  const ending = { container: culprit?.name ?? null, exitCode: culprit?.exitCode ?? null };
  return [...kept, { task, taskClass, ...ending, reason: describeStop(stopped) }];
}

/** Counts a service action that reports trouble. It is shown, never held against the rollout. */
export function countImpairment(evidence: Evidence, eventName: string): Evidence {
  const isNew = evidence.impairments[eventName] === undefined;
  if (isNew && Object.keys(evidence.impairments).length >= impairmentNamesKept) return evidence;
  const impairments = {
    ...evidence.impairments,
    [eventName]: (evidence.impairments[eventName] ?? 0) + 1,
  };
  return { ...evidence, impairments };
}

/**
 * Whether the failed tasks exceed what the policy allows. Counts are cumulative: a healthy task
 * forgives nothing.
 */
export function hasTooManyFailures(evidence: Evidence, policy: Policy): boolean {
  return (
    evidence.failed >= policy.minimumFailures &&
    evidence.failed * 100 > policy.failurePercent * evidence.started
  );
}

/** The evidence in a sentence, with the numbers that count. */
export function describeFailures(evidence: Evidence, policy: Policy): string {
  const percent = Math.round((evidence.failed / evidence.started) * 100);
  const classes = Object.entries(evidence.byClass)
    .filter(([taskClass]) => isFailure(taskClass as TaskClass))
    .map(([taskClass, count]) => `${count} × ${taskClass}`)
    .join(', ');
  return `${evidence.failed} of ${evidence.started} started tasks failed (${percent} %, ${policy.failurePercent} % allowed): ${classes}`;
}
