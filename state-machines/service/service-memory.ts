import type { DeploymentId, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';

/**
 * What is remembered of a service beyond its live rollouts. Every list is bounded, newest first.
 */
export interface ServiceMemory {
  /** Deployments that have had a rollout: one of them started again is ECS going back to it. */
  readonly started: readonly DeploymentId[];
  /** What each deployment runs, as far as an event told. */
  readonly taskDefinitions: { readonly [deployment: DeploymentId]: TaskDefinitionArn };
  /** What the service's tasks ran, of whatever deployment. */
  readonly seen: readonly TaskDefinitionArn[];
  /** Task definitions whose rollout completed with a healthy task and survived its bake. */
  readonly proven: readonly TaskDefinitionArn[];
  /** Task definitions that got a failed verdict here, ever: never a target again. */
  readonly failed: readonly TaskDefinitionArn[];
  /** When Rewind issued its rollbacks: what the budget is counted from. */
  readonly rollbacksIssuedAt: readonly Instant[];
  /** The last state told of each alarm. */
  readonly alarms: { readonly [alarmName: string]: string };
}

export const emptyMemory: ServiceMemory = {
  started: [],
  taskDefinitions: {},
  seen: [],
  proven: [],
  failed: [],
  rollbacksIssuedAt: [],
  alarms: {},
};

const deploymentsKept = 50;
const seenKept = 5;
const provenKept = 10;
const failedKept = 200;
const rollbacksKept = 50;
const alarmsKept = 100;

export function rememberStart(memory: ServiceMemory, deployment: DeploymentId): ServiceMemory {
  return { ...memory, started: newestFirst(memory.started, deployment, deploymentsKept) };
}

export function rememberTaskDefinition(
  memory: ServiceMemory,
  deployment: DeploymentId,
  taskDefinition: TaskDefinitionArn,
): ServiceMemory {
  if (memory.taskDefinitions[deployment] === taskDefinition) return memory;
  const taskDefinitions = withNewest(memory.taskDefinitions, [deployment, taskDefinition], deploymentsKept);
  return { ...memory, taskDefinitions };
}

export function rememberTask(memory: ServiceMemory, taskDefinition: TaskDefinitionArn): ServiceMemory {
  if (memory.seen[0] === taskDefinition) return memory;
  return { ...memory, seen: newestFirst(memory.seen, taskDefinition, seenKept) };
}

export function rememberProven(memory: ServiceMemory, taskDefinition: TaskDefinitionArn): ServiceMemory {
  return { ...memory, proven: newestFirst(memory.proven, taskDefinition, provenKept) };
}

export function rememberFailed(memory: ServiceMemory, taskDefinition: TaskDefinitionArn): ServiceMemory {
  return { ...memory, failed: newestFirst(memory.failed, taskDefinition, failedKept) };
}

export function rememberRollback(memory: ServiceMemory, issuedAt: Instant): ServiceMemory {
  return { ...memory, rollbacksIssuedAt: newestFirst(memory.rollbacksIssuedAt, issuedAt, rollbacksKept) };
}

/** The alarms of which the last known state is ALARM. */
export function alarmsInAlarm({ alarms }: ServiceMemory): string[] {
  return Object.keys(alarms).filter((alarm) => alarms[alarm] === 'ALARM');
}

export function rememberAlarm(memory: ServiceMemory, alarmName: string, state: string): ServiceMemory {
  return { ...memory, alarms: withNewest(memory.alarms, [alarmName, state], alarmsKept) };
}

function newestFirst<Item>(items: readonly Item[], item: Item, kept: number): readonly Item[] {
  if (items[0] === item) return items;
  return [item, ...items.filter((other) => other !== item)].slice(0, kept);
}

function withNewest<Key extends string, Value>(
  record: { readonly [key in Key]?: Value },
  [key, value]: readonly [Key, Value],
  kept: number,
): { readonly [key in Key]: Value } {
  const others = Object.entries(record).filter(([other]) => other !== key);
  return Object.fromEntries([...others.slice(-(kept - 1)), [key, value]]) as { readonly [key in Key]: Value };
}
