import type { DeploymentId, ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../state-machines/log/instant';
import type { Cancel, Clock } from '../../local/clock';
import type { Alarms } from './cloudwatch/alarms';
import type { Metrics } from './cloudwatch/metrics';
import type { Cluster } from './cluster';
import type { LambdaCalls } from './lambda';
import type { LoadBalancing } from './load-balancing';
import type { Envelope } from './notifications/envelope';
import type { SeededRandom } from './seeded-random';
import type { TaskDefinition } from './task-definition';

/** One account in one Region: all that the simulator knows, in memory, and the three things it acts through. */
export interface World {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly emit: (envelope: Envelope) => void;
  readonly region: string;
  readonly accountId: string;
  readonly clusters: Map<string, Cluster>;
  /** By family; each family's revisions in order. */
  readonly taskDefinitions: Map<string, TaskDefinition[]>;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly lambda: LambdaCalls;
  readonly loadBalancing: LoadBalancing;
  /** Of Systems Manager, by name. */
  readonly parameters: Map<string, string>;
  /** By ARN. */
  readonly tags: Map<string, Map<string, string>>;
  /** In order. */
  readonly deploymentsStarted: StartedDeployment[];
}
export interface StartedDeployment {
  readonly service: ServiceArn;
  readonly deployment: DeploymentId;
  readonly at: Instant;
}

/** `arn:aws:ecs:region:account:<resource>`. */
export function arnOf(world: World, resource: string): string {
  return `arn:aws:ecs:${world.region}:${world.accountId}:${resource}`;
}

/** Schedules `run` so many seconds from now. */
export function runAfter(world: World, seconds: number, run: () => void): Cancel {
  return world.clock.schedule(secondsAfter(world.clock.now(), seconds), run);
}

/** How the API writes an instant: seconds since the epoch with a fraction; undefined, so left out, when it has not come. */
export function epochSeconds(instant: Instant | null): number | undefined {
  return instant === null ? undefined : instant / 1000;
}
