import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { firstExit, type Loss } from './loss';

/** A task that runs, as notifications showed it. */
export interface RunningTask {
  readonly id: string;
  readonly deployment: string;
  readonly availabilityZone: string;
  readonly host: string | null;
}

/** What the corpus reads of *ECS Task State Change*. */
export interface TaskDetail {
  readonly taskArn: string;
  readonly startedBy: string;
  readonly taskDefinitionArn: string;
  readonly availabilityZone: string;
  readonly containerInstanceArn?: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly version: number;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly updatedAt: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly { name: string; exitCode?: number; reason?: string }[];
}

/** A loss that a notification has told for the first time. */
interface ToldLoss {
  readonly deployment: string;
  readonly isOfTheRelease: boolean;
}

/** Who runs, and why each of them will have been lost. */
export class TaskBook {
  readonly #running = new Map<string, RunningTask>();
  readonly #losses = new Map<string, readonly Loss[]>();
  /** Struck down while they ran. */
  readonly #struck = new Map<string, boolean>();
  readonly #told = new Set<string>();

  running(): readonly RunningTask[] {
    return [...this.#running.values()];
  }

  noteLosses(task: string, losses: readonly Loss[]): void {
    if (losses.length > 0) this.#losses.set(task, [...(this.#losses.get(task) ?? []), ...losses]);
  }

  /** The first blow counts. */
  noteBlow(tasks: ReadonlySet<string>, isOfTheRelease: boolean): void {
    for (const task of tasks) if (!this.#struck.has(task)) this.#struck.set(task, isOfTheRelease);
  }

  /** The loss that this notification is the first to tell; null for none, and for scaling. */
  take({ detail }: Notification): ToldLoss | null {
    const task = detail as never as TaskDetail;
    const id = lastPartOf(task.taskArn);
    if (task.desiredStatus === 'RUNNING') {
      if (task.lastStatus === 'RUNNING') this.#running.set(id, runningTask(id, task));
      return null;
    }
    this.#running.delete(id);
    const isFirst = task.stopCode !== undefined && !this.#told.has(id);
    if (task.lastStatus === 'STOPPED') this.#told.delete(id);
    else this.#told.add(id);
    const loss = isFirst ? this.#lossOf(id, task) : null;
    if (task.lastStatus === 'STOPPED') this.#forget(id);
    return loss;
  }

  #lossOf(id: string, { startedBy, stopCode, stoppedReason = '' }: TaskDetail): ToldLoss | null {
    if (stoppedReason.startsWith('Scaling activity')) return null;
    const losses = this.#losses.get(id) ?? [];
    const struck = this.#struck.get(id);
    const drawn =
      stopCode === 'EssentialContainerExited'
        ? firstExit(losses)
        : losses.find(({ startFailure, sickAfterSeconds }) =>
            stopCode === 'TaskFailedToStart' ? startFailure !== undefined : sickAfterSeconds !== undefined,
          );
    return { deployment: startedBy, isOfTheRelease: struck ?? drawn?.isOfTheRelease ?? false };
  }

  #forget(id: string): void {
    this.#losses.delete(id);
    this.#struck.delete(id);
  }
}

function runningTask(id: string, task: TaskDetail): RunningTask {
  const host = task.containerInstanceArn === undefined ? null : lastPartOf(task.containerInstanceArn);
  return { id, deployment: task.startedBy, availabilityZone: task.availabilityZone, host };
}

export function lastPartOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
