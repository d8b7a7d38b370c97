import type { TaskChanged } from '../log/observed-events';
import { type CauseKind, culpritOf, describeStop, type FailureClass, isFailure } from '../log/stopped-task';
import type { TaskMark } from './task-ledger';

/** A failed task, for people to read. */
export interface FirstFailure {
  readonly task: string;
  readonly taskClass: FailureClass;
  /** Absent where the failure says nothing of a further try. */
  readonly causeKind?: CauseKind;
  /** The container to look at first, and how it ended; null when ECS told of none. */
  readonly container: string | null;
  readonly exitCode: number | null;
  readonly reason: string;
}

const firstFailuresKept = 3;

/** A later notification of a failed task may say more of its end, or that it was none. */
export function firstFailuresAfter(
  kept: readonly FirstFailure[],
  { task, stopped }: TaskChanged,
  { mark, isNew }: { readonly mark: TaskMark; readonly isNew: boolean },
): readonly FirstFailure[] {
  const { taskClass, causeKind } = mark;
  const index = kept.findIndex((failure) => failure.task === task);
  if (stopped === null || taskClass === null || (index < 0 && !isNew)) return kept;
  if (!isFailure(taskClass)) return index < 0 ? kept : kept.toSpliced(index, 1);
  const culprit = culpritOf(stopped);
  const ending = { container: culprit?.name ?? null, exitCode: culprit?.exitCode ?? null };
  const kind = causeKind === undefined ? {} : { causeKind };
  const failure = { task, taskClass, ...kind, ...ending, reason: describeStop(stopped) };
  if (index >= 0) return kept.with(index, failure);
  return kept.length >= firstFailuresKept ? kept : [...kept, failure];
}
