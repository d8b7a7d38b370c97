import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  pastSeconds,
  planAnalysis,
  planWithoutMetrics,
} from '../../../state-machines/analysis/plan-analysis';
import { measurementsIn } from '../../../state-machines/analysis/window-readings';
import type { PlanQuestion } from '../../../state-machines/decisions/measuring/measurement-question';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import { windowSeconds } from '../../../state-machines/log/measuring/measurement';
import { awsTargetGroups } from '../target-groups';
import type { Measurements } from './measurements';
import { type PastRollout, readPastRollouts } from './past-rollouts';
import { type MeasuredGroup, readTargetGroups, usualResponseSeconds } from './target-group-metrics';

/** The clients of one account and region. */
export interface MeasuringClients {
  readonly ecs: ECSClient;
  readonly cloudWatch: CloudWatchClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
}

/** What Application Load Balancers count in the target groups of a service, by CloudWatch. */
export function cloudWatchMeasurements(
  clientsFor: (service: ServiceArn) => MeasuringClients | Promise<MeasuringClients>,
): Measurements {
  return {
    async plan(service, question) {
      const clients = await clientsFor(service);
      const since = secondsAfter(question.startedAt, -toldApartSeconds);
      const rollout = nearestRollout(await readPastRollouts(clients.ecs, service, since), question);
      if (rollout === undefined) return planWithoutMetrics('unknownTargetGroup', '');
      const { startedAt } = question;
      const facts = await readPast(clients, { ...rollout, startedAt });
      return planAnalysis({ ...rollout, startedAt, ...facts }, question.policy);
    },
    async read(service, { plan, policy, windows }) {
      const [first, last] = [windows[0], windows.at(-1)];
      if (first === undefined || last === undefined) return [];
      const clients = await clientsFor(service);
      const arns = [plan.arms.candidate, plan.arms.baseline].flatMap((arn) => arn ?? []);
      const groups = await measuredGroups(clients.loadBalancing, arns);
      const { slowerThanSeconds = null } =
        plan.metrics.find((one) => one.slowerThanSeconds !== undefined) ?? {};
      const span = { from: secondsAfter(first, -windowSeconds), until: last, slowerThanSeconds };
      const readings = await readTargetGroups(clients.cloudWatch, groups, span);
      const isPlanned = ({ name }: { readonly name: string }) =>
        plan.metrics.some(({ metric }) => metric === name);
      return measurementsIn({ plan, metrics: policy.metrics.filter(isPlanned), readings, windows });
    },
  };
}

/** The start of a rollout, as a notification tells it, and as ECS keeps it. */
const toldApartSeconds = 600;

/** The service deployment of a rollout: that of its revision, else the one that began nearest. */
function nearestRollout(
  rollouts: readonly PastRollout[],
  { serviceRevision, startedAt }: PlanQuestion,
): PastRollout | undefined {
  const own = rollouts.findLast(({ revision }) => revision !== null && revision === serviceRevision);
  const distance = (rollout: PastRollout) => Math.abs(rollout.startedAt - startedAt);
  return own ?? rollouts.toSorted((a, b) => distance(a) - distance(b))[0];
}

/** The target groups that exist, with the names by which CloudWatch knows them. */
async function measuredGroups(
  client: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<MeasuredGroup[]> {
  if (arns.length === 0) return [];
  const described = await awsTargetGroups(client).describe(arns);
  return [...described].map(([arn, dimensions]) => ({ arn, dimensions }));
}

/** Of a rollout: the requests of the day before, and until an instant if one is given. */
export async function readPast(
  { cloudWatch, loadBalancing }: Omit<MeasuringClients, 'ecs'>,
  {
    startedAt,
    targetGroups,
    until,
  }: Pick<PastRollout, 'startedAt' | 'targetGroups'> & {
    readonly until?: Instant;
  },
) {
  const groups = await measuredGroups(loadBalancing, targetGroups);
  const tellsRequests = groups.length > 0 && groups.every(isApplication);
  const asked = tellsRequests ? groups : [];
  const before = { from: secondsAfter(startedAt, -pastSeconds), until: wholeMinute(startedAt) };
  const slowerThanSeconds = await usualResponseSeconds(cloudWatch, asked, before);
  const span = { ...before, until: until ?? before.until, slowerThanSeconds };
  const readings = await readTargetGroups(cloudWatch, asked, span);
  return { tellsRequests, slowerThanSeconds, readings };
}

function isApplication({ dimensions: { loadBalancer } }: MeasuredGroup): boolean {
  return loadBalancer?.startsWith('app/') === true;
}

export function wholeMinute(instant: Instant): Instant {
  return instantFrom(Math.floor(instant / 60_000) * 60_000);
}
