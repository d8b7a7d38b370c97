import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  pastSeconds,
  planAnalysis,
  planWithoutMetrics,
} from '../../../state-machines/analysis/plan-analysis';
import { measurementsIn, unreadableReading } from '../../../state-machines/analysis/window-readings';
import type {
  MeasurementQuestion,
  PlanQuestion,
} from '../../../state-machines/decisions/measuring/measurement-question';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import type { AnalysisPolicy } from '../../../state-machines/log/measuring/analysis-policy';
import {
  type Measurement,
  type MetricReading,
  windowSeconds,
} from '../../../state-machines/log/measuring/measurement';
import { awsTargetGroups } from '../target-groups';
import type { BackEnds } from './back-ends/back-ends';
import { stickySecondsOf } from './listener-rules';
import type { Measurements } from './measurements';
import { type PastRollout, readPastRollouts } from './past-rollouts';
import { isPlanned, planProvided, readProvided } from './provided-metrics';
import { type MeasuredGroup, readTargetGroups, usualResponseSeconds } from './target-group-metrics';

/** The clients of one account and region. */
interface MeasuringClients {
  readonly ecs: ECSClient;
  readonly cloudWatch: CloudWatchClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
}

/**
 * What Application Load Balancers count in the target groups of a service, by CloudWatch, and what
 * the providers of the policy count.
 */
export function cloudWatchMeasurements(
  clientsFor: (service: ServiceArn) => MeasuringClients | Promise<MeasuringClients>,
  backEnds: BackEnds = noBackEnds,
): Measurements {
  return {
    async plan(service, question) {
      const clients = await clientsFor(service);
      const since = secondsAfter(question.startedAt, -toldApartSeconds);
      const rollout = nearestRollout(await readPastRollouts(clients.ecs, service, since), question);
      if (rollout === undefined) return planWithoutMetrics('unknownTargetGroup', '');
      const { startedAt } = question;
      const { rule } = rollout;
      const [facts, stickySeconds, provided] = await Promise.all([
        readPast(clients, { ...rollout, startedAt, policy: question.policy }),
        rule === null ? null : stickySecondsOf(clients.loadBalancing, rule),
        planProvided(backEnds, { service, rollout, question }),
      ]);
      return planAnalysis({ ...rollout, startedAt, ...facts, ...provided, stickySeconds }, question.policy);
    },
    async read(service, question) {
      const { windows } = question;
      const provided = await readProvided(backEnds, service, question);
      const counted = await countedByLoadBalancers(clientsFor, service, question).catch((error: Error) => {
        if (provided.length === 0) throw error;
        return unreadableWindows(question, `${error.name}: ${error.message}`.slice(0, 120));
      });
      return windows.map((until, index) => {
        const others = provided.flatMap(({ readings }) => readings[index] ?? []);
        const own = counted.find((one) => one.until === until)?.readings ?? [];
        return { until, readings: inPolicyOrder(question, [...own, ...others]) };
      });
    },
  };
}

const noBackEnds: BackEnds = async () => {
  throw new Error('no back-end is connected');
};

type Question = Pick<MeasurementQuestion, 'plan' | 'policy' | 'windows'>;

async function countedByLoadBalancers(
  clientsFor: (service: ServiceArn) => MeasuringClients | Promise<MeasuringClients>,
  service: ServiceArn,
  { plan, policy, windows }: Question,
): Promise<readonly Measurement[]> {
  const [first, last] = [windows[0], windows.at(-1)];
  const metrics = policy.metrics.filter(({ preset, name }) => preset !== undefined && isPlanned(plan, name));
  if (first === undefined || last === undefined || metrics.length === 0) return [];
  const clients = await clientsFor(service);
  const arns = [plan.arms.candidate, plan.arms.baseline].flatMap((arn) => arn ?? []);
  const groups = await measuredGroups(clients.loadBalancing, arns);
  const { slowerThanSeconds = null } = plan.metrics.find((one) => one.slowerThanSeconds !== undefined) ?? {};
  const span = { from: secondsAfter(first, -windowSeconds), until: last, slowerThanSeconds };
  const readings = await readTargetGroups(clients.cloudWatch, groups, span);
  return measurementsIn({ plan, metrics, readings, windows });
}

function unreadableWindows({ plan, policy, windows }: Question, because: string): Measurement[] {
  const metrics = policy.metrics.filter(({ preset, name }) => preset !== undefined && isPlanned(plan, name));
  return windows.map((until) => ({
    until,
    readings: metrics.map(({ name }) => unreadableReading(name, because)),
  }));
}

function inPolicyOrder({ policy }: Question, readings: readonly MetricReading[]): MetricReading[] {
  return policy.metrics.flatMap(({ name }) => readings.find(({ metric }) => metric === name) ?? []);
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
    policy,
  }: Pick<PastRollout, 'startedAt' | 'targetGroups'> & {
    readonly until?: Instant;
    readonly policy: AnalysisPolicy;
  },
) {
  const groups = await measuredGroups(loadBalancing, targetGroups);
  const tellsRequests = groups.length > 0 && groups.every(isApplication);
  const asked = tellsRequests ? groups : [];
  const before = { from: secondsAfter(startedAt, -pastSeconds), until: wholeMinute(startedAt) };
  const slowerThanSeconds = slowerThanIn(policy) ?? (await usualResponseSeconds(cloudWatch, asked, before));
  const span = { ...before, until: until ?? before.until, slowerThanSeconds };
  const readings = await readTargetGroups(cloudWatch, asked, span);
  return { tellsRequests, slowerThanSeconds, readings };
}

/** What the policy calls slow; null where it leaves that to the day before. */
function slowerThanIn({ metrics }: AnalysisPolicy): number | null {
  return metrics.find(({ preset }) => preset === 'target-slow')?.slowerThanSeconds ?? null;
}

function isApplication({ dimensions: { loadBalancer } }: MeasuredGroup): boolean {
  return loadBalancer?.startsWith('app/') === true;
}

export function wholeMinute(instant: Instant): Instant {
  return instantFrom(Math.floor(instant / 60_000) * 60_000);
}
