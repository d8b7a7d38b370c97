import type { TaskReport } from './notifications';

export type Stop = NonNullable<TaskReport['stop']>;
export interface Failure {
  /** Whether the task runs before it stops. */
  readonly hasRun: boolean;
  readonly stop: Stop;
}

/** The ways in which the tasks of a bad rollout fail. */
export const failures: readonly [Failure, ...Failure[]] = [
  { hasRun: true, stop: exited('Essential container in task exited', { exitCode: 1 }) },
  {
    hasRun: true,
    stop: exited('Essential container in task exited', {
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    }),
  },
  {
    hasRun: true,
    stop: {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
      exitCode: 137,
    },
  },
  {
    hasRun: false,
    stop: {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found',
    },
  },
];

function exited(stoppedReason: string, rest: Partial<Stop>): Stop {
  return { stopCode: 'EssentialContainerExited', stoppedReason, ...rest };
}
