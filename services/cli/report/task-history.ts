import type { TaskChanged } from '../../../state-machines/log/observed-events';
import { classify, describeStop, type TaskClass } from '../../../state-machines/log/stopped-task';
import { isStale, type TaskMark } from '../../../state-machines/rollout/task-ledger';
import type { TaskLane } from './report-data';

/**
 * Statuses from which on a task is on its way down.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
const stoppingStatuses: ReadonlySet<string> = new Set(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING']);

/** The life of one task, notification by notification. */
export class TaskHistory {
  readonly #createdAt: number;
  readonly #events: number[] = [];
  #mark: TaskMark;
  #lastStatus = '';
  #runningAt: number | null = null;
  #stoppingAt: number | null = null;
  #stoppedAt: number | null = null;
  #reason: string | null = null;

  constructor({ task, createdAt, occurredAt }: TaskChanged) {
    this.#mark = { task, version: null, hasRun: false, isPlaced: false, host: null, taskClass: null };
    this.#createdAt = createdAt ?? occurredAt;
  }

  /** Takes a notification, in the order of the fold; a stale one is listed, and changes nothing. */
  add(change: TaskChanged, event: number): void {
    this.#events.push(event);
    if (this.#events.length > 1 && isStale(change, this.#mark)) return;
    const { lastStatus, occurredAt, startedAt, stopped, version } = change;
    const taskClass: TaskClass | null = stopped === null ? this.#mark.taskClass : classify(stopped);
    this.#mark = { ...this.#mark, version: version ?? this.#mark.version, taskClass };
    this.#lastStatus = lastStatus;
    this.#runningAt ??= startedAt ?? (lastStatus === 'RUNNING' ? occurredAt : null);
    if (stoppingStatuses.has(lastStatus)) this.#stoppingAt ??= occurredAt;
    if (stopped === null) return;
    this.#stoppedAt ??= occurredAt;
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
      reason: this.#reason,
      events: this.#events,
    };
  }
}
