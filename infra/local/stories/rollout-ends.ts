import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { EcsSimulator } from '../../ecs-simulator/src/ecs-simulator';
import type { Scenario } from './scenario/scenario-schema';
import { formatSince, nameIn } from './timeline/notification-timeline';

/** How one rollout ended, as ECS shows it. */
export interface RolloutEnd {
  readonly service: string;
  readonly taskDefinition: string;
  readonly startedAt: Instant;
  /** Null for one that is not over when the story is. */
  readonly endedAt: Instant | null;
  /** The status of its service deployment. */
  readonly status: string;
  readonly reason: string | null;
}

interface Brief {
  readonly createdAt: number;
  readonly finishedAt?: number;
  readonly targetServiceRevisionArn: string;
  readonly status: string;
  readonly statusReason?: string;
}

const caller = { accessKeyId: 'operator', userAgent: 'rewind simulate', sourceIpAddress: '127.0.0.1' };

/** The end of every rollout of every service, in the order in which they began. */
export function rolloutEnds(simulator: EcsSimulator, { cluster, services }: Scenario): RolloutEnd[] {
  const ends = services.flatMap(({ name }) => endsOf(simulator, cluster, name));
  return ends.sort((one, other) => one.startedAt - other.startedAt);
}

function endsOf(simulator: EcsSimulator, cluster: string, service: string): RolloutEnd[] {
  const input = { cluster, service, maxResults: 100 };
  const { serviceDeployments } = simulator.call('ListServiceDeployments', input, caller) as {
    serviceDeployments: Brief[];
  };
  return serviceDeployments.map((brief) => ({
    service,
    taskDefinition: taskDefinitionOf(simulator, brief.targetServiceRevisionArn),
    startedAt: instantFrom(brief.createdAt * 1000),
    endedAt: brief.finishedAt === undefined ? null : instantFrom(brief.finishedAt * 1000),
    status: brief.status,
    reason: brief.statusReason ?? null,
  }));
}

function taskDefinitionOf(simulator: EcsSimulator, revision: string): string {
  const input = { serviceRevisionArns: [revision] };
  const { serviceRevisions } = simulator.call('DescribeServiceRevisions', input, caller) as {
    serviceRevisions: { taskDefinition: string }[];
  };
  return nameIn(serviceRevisions[0]?.taskDefinition);
}

/** One line: `web:2   ROLLBACK_SUCCESSFUL  after 0:02:23  Service deployment rolled back …`. */
export function formatRolloutEnd({ taskDefinition, startedAt, endedAt, status, reason }: RolloutEnd): string {
  const lasted = endedAt === null ? 'not over' : `after ${formatSince(startedAt, endedAt)}`;
  return `${taskDefinition.padEnd(12)} ${status.padEnd(20)} ${lasted.padEnd(14)} ${reason ?? ''}`.trimEnd();
}
