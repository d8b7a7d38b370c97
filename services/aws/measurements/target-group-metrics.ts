import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import {
  type GroupMinute,
  type GroupReading,
  minuteSeconds,
} from '../../../state-machines/analysis/group-minutes';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { TargetGroupDimensions } from '../../../state-machines/protection/preset-alarms';

/** A target group of an Application Load Balancer. */
export interface MeasuredGroup {
  readonly arn: string;
  readonly dimensions: TargetGroupDimensions;
}

interface Span {
  readonly from: Instant;
  readonly until: Instant;
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
  { slowerThanSeconds, ...span }: Span & { readonly slowerThanSeconds: number | null },
): Promise<GroupReading[]> {
  const queries = groups.flatMap((group, index) => [
    queryOf(group, { id: `requests${index}`, metric: 'RequestCount', statistic: 'Sum' }),
    queryOf(group, { id: `errors${index}`, metric: 'HTTPCode_Target_5XX_Count', statistic: 'Sum' }),
    ...(slowerThanSeconds === null
      ? []
      : [
          queryOf(group, {
            id: `slow${index}`,
            metric: 'TargetResponseTime',
            statistic: `TC(${slowerThanSeconds}:)`,
          }),
        ]),
  ]);
  const results = await askMetrics(client, queries, span);
  return groups.map(({ arn: targetGroup }, index) => {
    const [requests, errors, slow] = ['requests', 'errors', 'slow'].map((id) => results.get(`${id}${index}`));
    const minutes = [...(requests?.values ?? [])].map(([start, count]): GroupMinute => {
      const slowCount = slowerThanSeconds === null ? null : (slow?.values.get(start) ?? 0);
      return {
        until: instantFrom(start + minuteSeconds * 1000),
        requests: count,
        errors: errors?.values.get(start) ?? 0,
        slow: slowCount,
      };
    });
    const isPartial = [requests, errors, slow].some((one) => one?.isPartial === true);
    return { targetGroup, minutes: minutes.sort((a, b) => a.until - b.until), isPartial };
  });
}

/**
 * How long 95 of 100 requests took at most: the middle of all hours of a span in which one of the
 * target groups was asked, in steps of a millisecond. Null where none was.
 */
export async function usualResponseSeconds(
  client: CloudWatchClient,
  groups: readonly MeasuredGroup[],
  span: Span,
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

interface MetricValues {
  /** By the start of the period, in epoch milliseconds. */
  readonly values: Map<number, number>;
  isPartial: boolean;
}

async function askMetrics(
  client: CloudWatchClient,
  queries: readonly MetricDataQuery[],
  { from, until }: Span,
): Promise<ReadonlyMap<string, MetricValues>> {
  const results = new Map<string, MetricValues>();
  if (queries.length === 0) return results;
  const pages = paginateGetMetricData(
    { client },
    { MetricDataQueries: [...queries], StartTime: new Date(from), EndTime: new Date(until) },
  );
  for await (const { MetricDataResults = [] } of pages) {
    for (const result of MetricDataResults) addTo(results, result);
  }
  return results;
}

/** PartialData stands on every page but the last. */
function addTo(results: Map<string, MetricValues>, result: MetricDataResult): void {
  const { Id = '', Timestamps = [], Values = [], StatusCode } = result;
  const known = results.get(Id) ?? { values: new Map<number, number>(), isPartial: false };
  for (const [index, at] of Timestamps.entries()) {
    const value = Values[index];
    if (value !== undefined && Number.isFinite(value)) known.values.set(at.getTime(), value);
  }
  known.isPartial = StatusCode !== 'Complete';
  results.set(Id, known);
}
