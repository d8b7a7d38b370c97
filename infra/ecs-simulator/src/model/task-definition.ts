import type { LabelledBehaviour } from '../configuration/behaviours';
import type { ClockTime } from '../foundation/clock';
import { EcsError } from '../foundation/ecs-error';
import type { LogDestination } from './log-streams';
import type { World } from './world';

/** A registered task definition. `request` is what was registered and is given back as it was. */
export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly containers: readonly ContainerDefinition[];
  readonly request: Readonly<Record<string, unknown>>;
  readonly registeredAt: ClockTime;
  readonly registeredBy: string;
  status: 'ACTIVE' | 'INACTIVE';
  deregisteredAt: ClockTime | null;
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  /** Whether all tasks of a service revision run one image, wherever its tag points by then. */
  readonly isVersionConsistent: boolean;
  readonly isEssential: boolean;
  readonly cpu: number;
  readonly memory: number | null;
  readonly healthCheck: HealthCheck | null;
  /** Null where its labels choose no behaviour. */
  readonly labelled: LabelledBehaviour | null;
  /** Null where its output goes nowhere that CloudWatch knows. */
  readonly log: LogDestination | null;
  /** What it writes before it exits by itself, line by line. */
  readonly says: readonly string[];
}
export interface HealthCheck {
  readonly intervalSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

/**
 * Finds by `family` (its newest ACTIVE revision), `family:revision` or ARN; null when there is
 * none.
 */
export function findTaskDefinition(world: World, reference: string): TaskDefinition | null {
  const [family = '', revision] = reference.slice(reference.lastIndexOf('/') + 1).split(':');
  const revisions = world.taskDefinitions.get(family) ?? [];
  if (revision === undefined) return revisions.findLast(({ status }) => status === 'ACTIVE') ?? null;
  const found = revisions.find((taskDefinition) => String(taskDefinition.revision) === revision);
  return found && (reference.startsWith('arn:') ? found.arn === reference : true) ? found : null;
}

/**
 * Finds one that a service may be brought to; throws ClientException as ECS does for an unknown or
 * deregistered one. "TaskDefinition is inactive" is what a real rollback by UpdateService failed
 * with.
 */
export function requireActiveTaskDefinition(world: World, reference: string): TaskDefinition {
  const taskDefinition = findTaskDefinition(world, reference);
  if (taskDefinition === null) throw new EcsError('ClientException', 'TaskDefinition not found.');
  if (taskDefinition.status !== 'ACTIVE') throw new EcsError('ClientException', 'TaskDefinition is inactive');
  return taskDefinition;
}
