import type { StoppedContainer, StoppedTask, TaskClass } from '../../../../state-machines/log/stopped-task';

/**
 * A stop, the class that it belongs in, and where ECS's wording stands: a page of the ECS Developer
 * Guide, or a payload.
 */
export interface LabelledStop {
  readonly taskClass: TaskClass;
  readonly from: string;
  readonly stop: StoppedTask;
}

/**
 * stopCode, stoppedReason, and the containers that said something. Null is what a real notification
 * leaves out.
 */
type Told = readonly [stopCode: string | null, stoppedReason: string | null, ...StoppedContainer[]];

export function labelled(taskClass: TaskClass, from: string, told: readonly Told[]): LabelledStop[] {
  return told.map(([stopCode, stoppedReason, ...containers]) => ({
    taskClass,
    from,
    stop: { stopCode, stoppedReason, containers },
  }));
}

export function web(exitCode: number | null, reason: string | null = null): StoppedContainer {
  return { name: 'web', exitCode, reason };
}

/** A container beside it: a proxy, a log router, an agent. */
export function sidecar(exitCode: number | null, reason: string | null = null): StoppedContainer {
  return { name: 'envoy', exitCode, reason };
}

export const startFailed = 'TaskFailedToStart';
export const exited = 'EssentialContainerExited';
export const scheduler = 'ServiceSchedulerInitiated';
export const exitedText = 'Essential container in task exited';
export const outOfMemoryText = 'OutOfMemoryError: Container killed due to memory usage';
