import {
  type AnalysisRules,
  analyseRollout,
  type RolloutFindings,
} from '../../../state-machines/analysis/analyse-rollout';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import { type PastRollout, readPastRollouts } from '../../aws/measurements/past-rollouts';
import {
  type MeasuredGroup,
  publicationLagSeconds,
  readTargetGroups,
  usualResponseSeconds,
} from '../../aws/measurements/target-group-metrics';
import { awsTargetGroups } from '../../aws/target-groups';
import type { OperatorClients } from '../../runtime/operator-clients';
import { askAws } from '../terminal/aws-options';

/** A past rollout, and what its users got. */
export interface AnalysedRollout {
  readonly rollout: PastRollout;
  readonly findings: RolloutFindings;
  /** An answer that takes longer counts as slow; null where nothing tells what is usual. */
  readonly slowerThanSeconds: number | null;
  /** Until when it was judged. */
  readonly until: Instant;
}

interface AnalysisQuestion {
  readonly service: ServiceArn;
  readonly since: Instant;
  readonly now: Instant;
  readonly rules: AnalysisRules;
}

const daySeconds = 86_400;

/**
 * Judges the rollouts of a service since an instant, oldest first, by the requests that its load
 * balancer counted. Reads only. Throws CommandError.
 */
export async function* analyseService(
  clients: OperatorClients,
  { service, since, now, rules }: AnalysisQuestion,
): AsyncGenerator<AnalysedRollout> {
  const rollouts = await askAws('the service deployments of ECS', () =>
    readPastRollouts(clients.ecs(), service, since),
  );
  const groups = await measuredGroups(clients, rollouts);
  for (const rollout of rollouts) {
    const own = rollout.targetGroups.flatMap((arn) => groups.get(arn) ?? []);
    yield await askAws('the metrics of CloudWatch', () => analyse(clients, { rollout, own, now, rules }));
  }
}

async function measuredGroups(
  clients: OperatorClients,
  rollouts: readonly PastRollout[],
): Promise<ReadonlyMap<string, MeasuredGroup>> {
  const arns = rollouts.flatMap(({ targetGroups }) => targetGroups);
  if (arns.length === 0) return new Map();
  const client = await clients.loadBalancing();
  const described = await askAws('the target groups of Elastic Load Balancing', () =>
    awsTargetGroups(client).describe(arns),
  );
  return new Map([...described].map(([arn, dimensions]) => [arn, { arn, dimensions }]));
}

interface RolloutQuestion extends Pick<AnalysisQuestion, 'now' | 'rules'> {
  readonly rollout: PastRollout;
  readonly own: readonly MeasuredGroup[];
}

async function analyse(
  clients: OperatorClients,
  { rollout, own, now, rules }: RolloutQuestion,
): Promise<AnalysedRollout> {
  const { startedAt, finishedAt } = rollout;
  const known = wholeMinute(secondsAfter(now, -publicationLagSeconds));
  const until = finishedAt === null || finishedAt > known ? known : finishedAt;
  const tellsRequests = own.length > 0 && own.every(({ dimensions }) => isApplication(dimensions));
  const asked = tellsRequests ? own : [];
  const client = await clients.cloudWatch();
  const before = { from: secondsAfter(startedAt, -daySeconds), until: wholeMinute(startedAt) };
  const slowerThanSeconds = await usualResponseSeconds(client, asked, before);
  const span = { from: before.from, until, slowerThanSeconds };
  const readings = await readTargetGroups(client, asked, span);
  const measured = { ...rollout, until, readings, tellsRequests, hasSlow: slowerThanSeconds !== null };
  return { rollout, findings: analyseRollout(measured, rules), slowerThanSeconds, until };
}

function isApplication({ loadBalancer }: MeasuredGroup['dimensions']): boolean {
  return loadBalancer?.startsWith('app/') === true;
}

function wholeMinute(instant: Instant): Instant {
  return instantFrom(Math.floor(instant / 60_000) * 60_000);
}
