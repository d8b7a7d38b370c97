import type { Deployment, ServiceDeployment, Task } from '@aws-sdk/client-ecs';
import {
  type DeploymentId,
  type EventId,
  parseDeploymentId,
  parseServiceArn,
  parseTaskDefinitionArn,
  type ServiceArn,
} from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { ObservedEvent, TaskChanged } from '../../../state-machines/log/observed-events';
import { endTold, type StoppedTask } from '../../../state-machines/log/stopped-task';
import type { DescribedService, Inventory } from './inventory';
import { controllerOf } from './service-deployments';

/** What the Describe calls show of a service's deployments. */
interface DescribedDeployments {
  readonly arn: ServiceArn;
  readonly deployments: readonly Deployment[];
  /** What ECS works on, or worked on last; null when ECS keeps none. */
  readonly newest: ServiceDeployment | null;
  readonly tasks: readonly TaskChanged[];
}

/**
 * What ECS shows of a described service, in the order in which it is to be appended: its tasks
 * first, so that when the end of a deployment is learnt, what its tasks showed before is known.
 */
export async function describedFacts(
  inventory: Pick<Inventory, 'tasks' | 'newestServiceDeployment'>,
  service: DescribedService,
): Promise<ObservedEvent[]> {
  const arn = parseServiceArn(service.serviceArn ?? '');
  const tasks: TaskChanged[] = [];
  for await (const task of inventory.tasks(arn)) tasks.push(...taskEvents(arn, task));
  const newest = controllerOf(service) === 'ECS' ? await inventory.newestServiceDeployment(arn) : null;
  const { deployments = [] } = service;
  return [...tasks, ...deploymentEvents({ arn, deployments, newest, tasks })];
}

/**
 * What Describe calls show, as the events that the notifications of the same facts would have been.
 * Their ids come from the fact, so that finding it again adds nothing; the fold knows that a
 * deployment started, or a task's version, told twice is one.
 */
export function deploymentEvents(service: DescribedDeployments): ObservedEvent[] {
  const shown = service.deployments
    .filter(isTelling)
    .flatMap((deployment) => deploymentEventsOf(service, deployment));
  return [...forgottenStart(service), ...shown];
}

/**
 * A deployment that ECS has taken back and forgotten is still known by its service deployment, and
 * its id by its tasks.
 */
function forgottenStart({ arn, newest, deployments, tasks }: DescribedDeployments): ObservedEvent[] {
  const { createdAt, status } = newest ?? {};
  if (createdAt === undefined || status?.startsWith('ROLLBACK') !== true) return [];
  const at = instantFrom(createdAt.getTime());
  const isForgotten = ({ deployment, createdAt: taskAt }: TaskChanged) =>
    taskAt !== null && taskAt >= at && deployments.every(({ id }) => id !== deployment);
  const deployment = tasks.find((task) => task.deployment !== null && isForgotten(task))?.deployment ?? null;
  if (deployment === null) return [];
  const id = describedId('started', deployment);
  return [{ type: 'DeploymentStarted', id, service: arn, occurredAt: at, deployment, isRollback: false }];
}

/**
 * The newest deployment, and those that ECS gave up before it. What an older one that completed
 * would tell is long known.
 */
function isTelling({ status, rolloutState }: Deployment): boolean {
  return status === 'PRIMARY' || rolloutState === 'FAILED';
}

function deploymentEventsOf(service: DescribedDeployments, deployment: Deployment): ObservedEvent[] {
  const { id, rolloutState, rolloutStateReason, updatedAt } = deployment;
  const start = startOf(service, deployment);
  if (id === undefined || start === null) return [];
  const fact = (what: string, at: Date) => ({
    id: describedId(what, id),
    service: service.arn,
    occurredAt: instantFrom(at.getTime()),
    deployment: parseDeploymentId(id),
  });
  const { at, isRollback } = start;
  const started: ObservedEvent = { ...fact('started', at), type: 'DeploymentStarted', isRollback };
  const ended = updatedAt ?? at;
  if (rolloutState === 'COMPLETED')
    return [started, { ...fact('completed', ended), type: 'DeploymentCompleted' }];
  if (rolloutState !== 'FAILED') return [started];
  return [
    started,
    { ...fact('failed', ended), type: 'DeploymentFailed', reason: rolloutStateReason ?? null },
  ];
}

/**
 * A deployment that ECS goes back to keeps its id and the createdAt of its first time: the service
 * deployment that it takes back, made after it, tells when it started again. The two answers are
 * not of one instant: a service deployment that is newer still says nothing of this deployment.
 */
function startOf({ newest }: DescribedDeployments, { status, createdAt }: Deployment) {
  if (createdAt === undefined) return null;
  const { rollback, createdAt: madeAt } = newest ?? {};
  const isOlder = madeAt !== undefined && createdAt < madeAt;
  const again = status === 'PRIMARY' && isOlder ? rollback?.startedAt : undefined;
  return { at: again ?? createdAt, isRollback: again !== undefined };
}

/** One version of a task; nothing for a task that tells too little to be one of the service's. */
function taskEvents(service: ServiceArn, task: Task): TaskChanged[] {
  const { taskArn, lastStatus, startedBy, createdAt } = task;
  const at = momentOf(task);
  if (taskArn === undefined || lastStatus === undefined || at === undefined) return [];
  const id = taskArn.slice(taskArn.lastIndexOf('/') + 1);
  const event: TaskChanged = {
    type: 'TaskChanged',
    id: describedId(id, String(task.version ?? lastStatus)),
    service,
    occurredAt: instantFrom(at.getTime()),
    task: id,
    version: task.version ?? null,
    deployment: startedBy?.startsWith('ecs-svc/') === true ? (startedBy as DeploymentId) : null,
    taskDefinition:
      task.taskDefinitionArn === undefined ? null : parseTaskDefinitionArn(task.taskDefinitionArn),
    lastStatus,
    createdAt: instantOfEvent(createdAt),
    startedAt: instantOfEvent(task.startedAt),
    stopped: endTold({ lastStatus, desiredStatus: task.desiredStatus ?? null, told: () => toldEnd(task) }),
    host: task.containerInstanceArn?.split('/').at(-1) ?? null,
    ...(task.availabilityZone === undefined ? {} : { availabilityZone: task.availabilityZone }),
  };
  return [event];
}

/**
 * DescribeTasks has no updatedAt: the newest of a task's own instants is when it came to be what it
 * is.
 */
function momentOf({ stoppedAt, stoppingAt, startedAt, createdAt }: Task): Date | undefined {
  return stoppedAt ?? stoppingAt ?? startedAt ?? createdAt;
}

function instantOfEvent(date: Date | undefined): Instant | null {
  return date === undefined ? null : instantFrom(date.getTime());
}

function toldEnd({ stopCode, stoppedReason, containers = [] }: Task): StoppedTask {
  return {
    stopCode: stopCode ?? null,
    stoppedReason: stoppedReason ?? null,
    containers: containers.map(({ name, exitCode, reason }) => ({
      name: name ?? '',
      exitCode: exitCode ?? null,
      reason: reason ?? null,
    })),
  };
}

/**
 * The id of a fact that a look at AWS shows. None is the beginning of another: between a fact and
 * the decision that stands behind it nothing else can come to stand
 * (docs/decisions/0001-a-decision-stands-behind-its-cause.md).
 */
export function describedId(what: string, which: string): EventId {
  return `described~${what}~${encodeURIComponent(which)}|` as EventId;
}
