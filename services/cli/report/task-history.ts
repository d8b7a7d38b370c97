import type { TaskChanged } from '../../../state-machines/log/observed-events';
import {
  type CauseKind,
  causeKindOf,
  classify,
  describeStop,
  hasStopped,
  isStopping,
  type TaskClass,
} from '../../../state-machines/log/stopped-task';
import { isStale, type TaskMark } from '../../../state-machines/rollout/task-ledger';
import type { TaskLane } from './report-data';

/** The life of one task, notification by notification. */
export class TaskHistory {
  readonly #createdAt: number;
  readonly #events: number[] = [];
  #mark: TaskMark;
  #lastStatus = '';
  #runningAt: number | null = null;
  #stoppingAt: number | null = null;
  #stoppedAt: number | null = null;
  #causeKind: CauseKind | null = null;
  #reason: string | null = null;

  constructor(mark: TaskMark, createdAt: number) {
    this.#mark = mark;
    this.#createdAt = createdAt;
  }

  static of({ task, createdAt, occurredAt }: TaskChanged): TaskHistory {
    const mark = { task, version: null, hasRun: false, isPlaced: false, host: null, taskClass: null };
    return new TaskHistory(mark, createdAt ?? occurredAt);
  }

  /**
   * A task that ran already when the rollout started: what was before belongs to another rollout.
   */
  static standing(mark: TaskMark, startedAt: number): TaskHistory {
    const history = new TaskHistory(mark, startedAt);
    history.#lastStatus = 'RUNNING';
    history.#runningAt = startedAt;
    return history;
  }

  /** Takes a notification, in the order of the fold; a stale one is listed, and changes nothing. */
  add(change: TaskChanged, event: number): void {
    this.#events.push(event);
    if (this.#lastStatus !== '' && isStale(change, this.#mark)) return;
    const { lastStatus, occurredAt, startedAt, stopped, version } = change;
    const taskClass: TaskClass | null = stopped === null ? this.#mark.taskClass : classify(stopped);
    this.#mark = { ...this.#mark, version: version ?? this.#mark.version, taskClass };
    this.#lastStatus = lastStatus;
    this.#runningAt ??= startedAt ?? (lastStatus === 'RUNNING' ? occurredAt : null);
    if (hasStopped(lastStatus)) this.#stoppedAt ??= occurredAt;
    else if (isStopping(change)) this.#stoppingAt ??= occurredAt;
    if (stopped === null) return;
    this.#causeKind = taskClass === null ? null : causeKindOf(stopped, taskClass);
    this.#reason = describeStop(stopped);
  }

  lane(): TaskLane {
    const { task, taskClass } = this.#mark;
    return {
      task,
      createdAt: this.#createdAt,
      runningAt: this.#runningAt,
      stoppingAt: this.#stoppingAt,
      stoppedAt: this.#stoppedAt,
      lastStatus: this.#lastStatus,
      taskClass,
      causeKind: this.#causeKind,
      reason: this.#reason,
      events: this.#events,
    };
  }
}
