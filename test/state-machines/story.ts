import {
  type DeploymentId,
  type EventId,
  parseServiceArn,
  parseServiceDeploymentArn,
  type TaskDefinitionArn,
} from '../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../state-machines/log/instant';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import type { OperatorAct } from '../../state-machines/log/operator/operator-act';
import type { StoppedTask } from '../../state-machines/log/stopped-task';

/**
 * Events of one service, written as a story: who, what, at which second. Every event's id tells
 * what it is.
 */
export const service = parseServiceArn('arn:aws:ecs:eu-west-1:123456789012:service/prod/web');
const origin = Date.parse('2026-01-01T00:00:00.000Z');

export function second(seconds: number): Instant {
  return instantFrom(origin + seconds * 1000);
}

export function deploymentId(number: number): DeploymentId {
  return `ecs-svc/${number}` as DeploymentId;
}

export function revision(number: number): TaskDefinitionArn {
  return `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${number}` as TaskDefinitionArn;
}

function fact(id: string, seconds: number) {
  return { id: id as EventId, service, occurredAt: second(seconds) };
}

/** ECS works towards deployment `number`, at a second. */
export function started(number: number, seconds: number, isRollback = false): ObservedEvent {
  return {
    ...fact(`started-${number}-${seconds}`, seconds),
    type: 'DeploymentStarted',
    deployment: deploymentId(number),
    isRollback,
  };
}

export function completed(number: number, seconds: number): ObservedEvent {
  return {
    ...fact(`completed-${number}-${seconds}`, seconds),
    type: 'DeploymentCompleted',
    deployment: deploymentId(number),
  };
}

export function failed(number: number, seconds: number): ObservedEvent {
  return {
    ...fact(`failed-${number}-${seconds}`, seconds),
    type: 'DeploymentFailed',
    deployment: deploymentId(number),
    reason: 'ECS deployment circuit breaker: tasks failed to start.',
  };
}

interface TaskTelling {
  readonly deployment: number;
  readonly revision?: number;
  readonly host?: string;
  readonly version?: number | null;
  readonly lastStatus?: string;
  /** The second at which it came to run, as the notification of its stop tells. */
  readonly ranFrom?: number;
}

/** A task of the deployment is RUNNING; by default deployment n runs revision n. */
export function running(task: string, seconds: number, telling: TaskTelling): ObservedEvent {
  return taskChanged(task, seconds, {
    ...telling,
    lastStatus: 'RUNNING',
    version: telling.version ?? 3,
    stopped: null,
  });
}

export function pending(task: string, seconds: number, telling: TaskTelling): ObservedEvent {
  return taskChanged(task, seconds, {
    ...telling,
    lastStatus: telling.lastStatus ?? 'PENDING',
    version: telling.version ?? 1,
    stopped: null,
  });
}

export const crash: StoppedTask = {
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  containers: [{ name: 'web', exitCode: 1, reason: null }],
};
export const unplaceable: StoppedTask = {
  stopCode: 'TaskFailedToStart',
  stoppedReason: 'Timeout waiting for network interface provisioning to complete.',
  containers: [],
};
/** Its image could not be pulled, and why. */
export function unpulled(because: string): StoppedTask {
  const stoppedReason = `CannotPullContainerError: ${because}`;
  return { stopCode: 'TaskFailedToStart', stoppedReason, containers: [] };
}
export const scaledIn: StoppedTask = {
  stopCode: 'ServiceSchedulerInitiated',
  stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
  containers: [{ name: 'web', exitCode: 143, reason: null }],
};

/** A task of the deployment has stopped, by default because its container exited with 1. */
export function stopped(
  task: string,
  seconds: number,
  telling: TaskTelling & { readonly because?: StoppedTask },
): ObservedEvent {
  const stop = telling.because ?? crash;
  return taskChanged(task, seconds, {
    ...telling,
    lastStatus: 'STOPPED',
    version: telling.version ?? 5,
    stopped: stop,
  });
}

/** A task of the deployment is on its way down, and ECS says why. */
export function stopping(
  task: string,
  seconds: number,
  telling: TaskTelling & { readonly because?: StoppedTask },
): ObservedEvent {
  return taskChanged(task, seconds, {
    ...telling,
    lastStatus: 'DEACTIVATING',
    version: telling.version ?? 4,
    stopped: telling.because ?? crash,
  });
}

interface TaskFacts extends TaskTelling {
  readonly lastStatus: string;
  readonly version: number | null;
  readonly stopped: StoppedTask | null;
}

function taskChanged(task: string, seconds: number, facts: TaskFacts): ObservedEvent {
  const { deployment, lastStatus, version } = facts;
  return {
    ...fact(`task-${task}-${version}-${seconds}`, seconds),
    type: 'TaskChanged',
    task,
    version,
    deployment: deploymentId(deployment),
    taskDefinition: revision(facts.revision ?? deployment),
    lastStatus,
    createdAt: null,
    startedAt: startOf(seconds, facts),
    stopped: facts.stopped,
    ...(facts.host === undefined ? {} : { host: facts.host }),
  };
}

function startOf(seconds: number, { lastStatus, ranFrom }: TaskFacts): Instant | null {
  if (ranFrom !== undefined) return second(ranFrom);
  return lastStatus === 'RUNNING' ? second(seconds) : null;
}

export function alarm(
  name: string,
  seconds: number,
  [previousState, state]: [string, string],
): ObservedEvent {
  return {
    ...fact(`alarm-${name}-${seconds}`, seconds),
    type: 'AlarmChanged',
    alarm: `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`,
    alarmName: name,
    state,
    previousState,
  };
}

export function updated(number: number, seconds: number, runs: number): ObservedEvent {
  return {
    ...fact(`updated-${number}-${seconds}`, seconds),
    type: 'ServiceUpdated',
    by: 'arn:aws:iam::123456789012:user/ann',
    taskDefinition: revision(runs),
    deployment: deploymentId(number),
  };
}

/** Somebody stops the service deployment that ECS works on. */
export function stopCalled(seconds: number, stopType: string | null = 'ROLLBACK'): ObservedEvent {
  return {
    ...fact(`stop-called-${seconds}`, seconds),
    type: 'ServiceDeploymentStopped',
    by: 'arn:aws:iam::123456789012:user/ann',
    serviceDeployment: parseServiceDeploymentArn(
      'arn:aws:ecs:eu-west-1:123456789012:service-deployment/prod/web/0EYSiB0qap',
    ),
    stopType,
  };
}

/** A hook of the deployment that is under way waits for an answer for an hour, or has got one. */
export function hookChanged(hookId: string, seconds: number, isWaiting: boolean): ObservedEvent {
  return {
    ...fact(`hook-${hookId}-${seconds}`, seconds),
    type: 'HookChanged',
    eventName: isWaiting ? 'HOOK_AWAITING_ACTION' : 'HOOK_SUCCEEDED',
    hookId,
    hookType: 'PAUSE',
    lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
    expiresAt: isWaiting ? second(seconds + 3600) : null,
    serviceDeployment: null,
  };
}

export function deleted(seconds: number): ObservedEvent {
  return { ...fact(`deleted-${seconds}`, seconds), type: 'ServiceDeleted', by: null };
}

/**
 * Deployment 1 of revision 1 comes up, completes at second 60 and survives its bake, which ends at
 * second 360.
 */
export const provenFirst: readonly ObservedEvent[] = [
  started(1, 0),
  running('a1', 20, { deployment: 1 }),
  running('a2', 21, { deployment: 1 }),
  completed(1, 60),
];

/** Somebody acts through `rewind`. */
export function acted(
  seconds: number,
  act: Partial<OperatorAct> & Pick<OperatorAct, 'action'>,
): ObservedEvent {
  return {
    ...fact(`acted-${seconds}`, seconds),
    type: 'OperatorActed',
    by: 'arn:aws:sts::123456789012:assumed-role/operators/cleo',
    reason: 'CPU is spiky',
    ...act,
  };
}
