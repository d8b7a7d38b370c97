import { isDecided, type RewindEvent } from '../log/events';
import type { DeploymentId, EventId, ServiceArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { ObservedEvent, TaskChanged } from '../log/observed-events';

/** What notifications that are no events say of a service. */
interface ServiceSigns {
  /** When ECS called the service steady. */
  readonly steadyAt: readonly Instant[];
  /** Whether task sets show another controller than ECS's own. */
  readonly hasTaskSets: boolean;
}

/** What a deployment's tasks show of it. */
interface TaskTrace {
  readonly deployment: DeploymentId;
  readonly startedAt: Instant;
  readonly changes: readonly TaskChanged[];
}

/**
 * The deployments of a history that holds none: a log group that the console sets up gets no *ECS
 * Deployment State Change*. A deployment that tasks name in startedBy starts when its first task
 * was created, and completes when ECS next calls the service steady, no newer one has started and a
 * task of it runs. Empty where the history tells of deployments or decisions, or shows the task
 * sets of another controller, which have the same ids. Pure.
 */
export function builtDeployments(
  service: ServiceArn,
  events: readonly RewindEvent[],
  { steadyAt, hasTaskSets }: ServiceSigns,
): ObservedEvent[] {
  if (hasTaskSets || events.some(tellsOfDeployments)) return [];
  const steady = steadyAt.toSorted((a, b) => a - b);
  const traces = tracesOf(events);
  return traces.flatMap((trace, index) => {
    const { deployment, startedAt } = trace;
    const nextAt = traces[index + 1]?.startedAt ?? Number.POSITIVE_INFINITY;
    const completedAt = steady.find((at) => at > startedAt && at < nextAt && hasRunningTask(trace, at));
    const fact = (what: string, occurredAt: Instant) => ({
      id: `startedBy~${what}~${deployment}` as EventId,
      service,
      occurredAt,
      deployment,
    });
    const start: ObservedEvent = {
      type: 'DeploymentStarted',
      ...fact('started', startedAt),
      isRollback: false,
    };
    return completedAt === undefined
      ? [start]
      : [start, { type: 'DeploymentCompleted' as const, ...fact('completed', completedAt) }];
  });
}

function tellsOfDeployments(event: RewindEvent): boolean {
  return isDecided(event) || /^Deployment/.test(event.type);
}

/** In order of their start. */
function tracesOf(events: readonly RewindEvent[]): TaskTrace[] {
  const byDeployment = new Map<DeploymentId, TaskChanged[]>();
  for (const event of events) {
    if (event.type !== 'TaskChanged' || event.deployment === null) continue;
    const known = byDeployment.get(event.deployment);
    if (known === undefined) byDeployment.set(event.deployment, [event]);
    else known.push(event);
  }
  return [...byDeployment]
    .map(([deployment, changes]) => ({ deployment, changes, startedAt: firstCreation(changes) }))
    .sort((a, b) => a.startedAt - b.startedAt || (a.deployment < b.deployment ? -1 : 1));
}

function firstCreation(changes: readonly TaskChanged[]): Instant {
  const instants = changes.map(({ createdAt, occurredAt }) => createdAt ?? occurredAt);
  return instants.reduce((first, at) => (at < first ? at : first));
}

function hasRunningTask({ changes }: TaskTrace, at: Instant): boolean {
  const soFar = changes.filter(({ occurredAt }) => occurredAt <= at);
  const gone = new Set(soFar.filter(({ stopped }) => stopped !== null).map(({ task }) => task));
  return soFar.some(({ lastStatus, task }) => lastStatus === 'RUNNING' && !gone.has(task));
}
