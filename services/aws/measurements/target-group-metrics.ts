import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { askedPercentiles, shareSlowerThan } from '../../../state-machines/analysis/counting/slow-share';
import {
  type GroupMinute,
  type GroupReading,
  minuteSeconds,
} from '../../../state-machines/analysis/group-minutes';
import { instantFrom } from '../../../state-machines/log/instant';
import type { TargetGroupDimensions } from '../../../state-machines/protection/preset-alarms';
import { askMetrics, type MetricSpan } from './metric-data';

/** A target group of an Application Load Balancer. */
export interface MeasuredGroup {
  readonly arn: string;
  readonly dimensions: TargetGroupDimensions;
}

/**
 * What load balancers counted in each target group, minute by minute. Publishes nothing where
 * nothing happened: a minute without errors has none, and one without requests is left out. Throws
 * what the SDK throws.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export async function readTargetGroups(
  client: CloudWatchClient,
  groups: readonly MeasuredGroup[],
  { slowerThanSeconds, ...span }: MetricSpan & { readonly slowerThanSeconds: number | null },
): Promise<GroupReading[]> {
  const counts = groups.flatMap((group, index) => [
    queryOf(group, { id: `requests${index}`, metric: 'RequestCount', statistic: 'Sum' }),
    queryOf(group, { id: `errors${index}`, metric: 'HTTPCode_Target_5XX_Count', statistic: 'Sum' }),
  ]);
  const [results, slowOf] =
    slowerThanSeconds === null
      ? [await askMetrics(client, counts, span), slowUnknown]
      : await askWithSlow(client, { groups, counts, span, slowerThanSeconds });
  return groups.map(({ arn: targetGroup }, index) => {
    const [requests, errors] = ['requests', 'errors'].map((id) => results.get(`${id}${index}`));
    const slow = slowOf(index);
    const minutes = [...(requests?.values ?? [])].map(([start, count]): GroupMinute => {
      return {
        until: instantFrom(start + minuteSeconds * 1000),
        requests: count,
        errors: errors?.values.get(start) ?? 0,
        slow: slow.countIn(start, count),
      };
    });
    const isPartial = requests?.isPartial === true || errors?.isPartial === true || slow.isPartial;
    return { targetGroup, minutes: minutes.sort((a, b) => a.until - b.until), isPartial };
  });
}

/** The slow answers of one target group, by the start of a minute and its requests. */
interface SlowCounts {
  countIn(start: number, requests: number): number | null;
  readonly isPartial: boolean;
}

const slowUnknown = (): SlowCounts => ({ countIn: () => null, isPartial: false });

interface SlowQuestion {
  readonly groups: readonly MeasuredGroup[];
  readonly counts: readonly MetricDataQuery[];
  readonly span: MetricSpan;
  readonly slowerThanSeconds: number;
}

type ToldMetrics = Awaited<ReturnType<typeof askMetrics>>;

/**
 * Slow answers are counted by a trimmed count. AWS documents that statistic, and for this metric
 * percentiles only: where it is refused, percentiles tell the share of slow answers, nearly.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
async function askWithSlow(
  client: CloudWatchClient,
  { groups, counts, span, slowerThanSeconds }: SlowQuestion,
): Promise<readonly [ToldMetrics, (index: number) => SlowCounts]> {
  const slow = groups.map((group, index) =>
    queryOf(group, { id: `slow${index}`, metric, statistic: `TC(${slowerThanSeconds}:)` }),
  );
  const counted = await askMetrics(client, [...counts, ...slow], span).catch((error: Error) => {
    if (refusals.has(error.name)) return null;
    throw error;
  });
  if (counted !== null) {
    return [
      counted,
      (index) => {
        const told = counted.get(`slow${index}`);
        return { countIn: (start) => told?.values.get(start) ?? 0, isPartial: told?.isPartial === true };
      },
    ];
  }
  const percentiles = groups.flatMap((group, index) =>
    askedPercentiles.map((percent, rank) =>
      queryOf(group, { id: `p${rank}of${index}`, metric, statistic: `p${percent}` }),
    ),
  );
  const told = await askMetrics(client, [...counts, ...percentiles], span);
  return [told, (index) => nearlyCounted(told, index, slowerThanSeconds)];
}

function nearlyCounted(told: ToldMetrics, index: number, slowerThanSeconds: number): SlowCounts {
  const series = askedPercentiles.map((percent, rank) => ({ percent, of: told.get(`p${rank}of${index}`) }));
  return {
    countIn: (start, requests) => {
      const known = series.flatMap(({ percent, of }) => {
        const seconds = of?.values.get(start);
        return seconds === undefined ? [] : { percent, seconds };
      });
      const share = shareSlowerThan(slowerThanSeconds, known);
      return share === null ? 0 : Math.round(share * requests * 10) / 10;
    },
    isPartial: series.some(({ of }) => of?.isPartial === true),
  };
}

const metric = 'TargetResponseTime';
const refusals = new Set(['ValidationError', 'InvalidParameterValue', 'InvalidParameterCombination']);

/**
 * How long 95 of 100 requests took at most: the middle of all hours of a span in which one of the
 * target groups was asked, in steps of a millisecond. Null where none was.
 */
export async function usualResponseSeconds(
  client: CloudWatchClient,
  groups: readonly MeasuredGroup[],
  span: MetricSpan,
): Promise<number | null> {
  const queries = groups.map((group, index) =>
    queryOf(group, { id: `p95of${index}`, metric: 'TargetResponseTime', statistic: 'p95' }, 3600),
  );
  const results = await askMetrics(client, queries, span);
  const hours = [...results.values()].flatMap(({ values }) => [...values.values()]).sort((a, b) => a - b);
  const middle = hours[Math.floor(hours.length / 2)];
  return middle === undefined ? null : Math.max(0.001, Math.round(middle * 1000) / 1000);
}

interface MetricQuestion {
  readonly id: string;
  readonly metric: string;
  readonly statistic: string;
}

function queryOf(
  { dimensions: { targetGroup, loadBalancer } }: MeasuredGroup,
  { id, metric: MetricName, statistic: Stat }: MetricQuestion,
  Period = minuteSeconds,
): MetricDataQuery {
  const Dimensions = [
    { Name: 'TargetGroup', Value: targetGroup },
    { Name: 'LoadBalancer', Value: loadBalancer ?? '' },
  ];
  const Metric = { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions };
  return { Id: id, MetricStat: { Metric, Period, Stat } };
}
