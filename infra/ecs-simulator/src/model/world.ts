import type { AccountAlarms } from '../cloudwatch/account-alarms';
import type { Metrics } from '../cloudwatch/metrics';
import type { Behaviour } from '../configuration/behaviours';
import type { AccountInRegion } from '../foundation/arn';
import type { Cancel, SimulationClock } from '../foundation/clock';
import { type ClockTime, laterBy } from '../foundation/clock';
import type { LambdaCalls } from '../foundation/lambda';
import type { Notification } from '../foundation/notification';
import type { SeededRandom } from '../foundation/seeded-random';
import type { Cluster } from './cluster';
import type { ContainerImages } from './container-images';
import type { LoadBalancing } from './load-balancing';
import type { LogStreams } from './log-streams';
import type { Task } from './task';
import type { TaskDefinition } from './task-definition';

/**
 * One account in one Region: all that the simulator knows, in memory, and the three things it acts
 * through.
 */
export interface World extends AccountInRegion {
  readonly clock: SimulationClock;
  readonly random: SeededRandom;
  /** For the ids of records that change nothing: with them or without, all else stays the same. */
  readonly recordIds: SeededRandom;
  readonly emit: (notification: Notification) => void;
  readonly chooseBehaviour: ChooseBehaviour;
  readonly clusters: Map<string, Cluster>;
  /** By family; each family's revisions in order. */
  readonly taskDefinitions: Map<string, TaskDefinition[]>;
  readonly metrics: Metrics;
  readonly alarms: AccountAlarms;
  readonly lambda: LambdaCalls;
  readonly loadBalancing: LoadBalancing;
  readonly images: ContainerImages;
  readonly logs: LogStreams;
  /** Of Systems Manager, by name. */
  readonly parameters: Map<string, string>;
  /** By ARN. */
  readonly tags: Map<string, Map<string, string>>;
  /** In order. */
  readonly deploymentsStarted: StartedDeployment[];
}
/**
 * Chooses how a container of a task behaves from now on; null leaves it as it is. It is asked
 * twice: while the task is PENDING, when it can still fail to start, and as it reaches RUNNING.
 */
export type ChooseBehaviour = (container: StartingContainer) => Behaviour | null;
export interface StartingContainer
  extends Pick<Task, 'id' | 'startedBy' | 'lastStatus' | 'availabilityZone'> {
  readonly taskDefinition: string;
  readonly container: string;
  /** The ARN of its host. */
  readonly containerInstance: string | null;
}

export interface StartedDeployment {
  readonly service: string;
  readonly deployment: string;
  readonly at: ClockTime;
}

/** Schedules `run` so many seconds from now. */
export function runAfter(world: World, seconds: number, run: () => void): Cancel {
  return world.clock.schedule(laterBy(world.clock.now(), seconds), run);
}

/**
 * How the API writes an instant: seconds since the epoch with a fraction; undefined, so left out,
 * when it has not come.
 */
export function epochSeconds(instant: ClockTime | null): number | undefined {
  return instant === null ? undefined : instant / 1000;
}
