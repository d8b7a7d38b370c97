import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import type { Instant } from '../../../state-machines/log/instant';

/** The start of a span is in it, and its end is not. */
export interface MetricSpan {
  readonly from: Instant;
  readonly until: Instant;
}

/** What CloudWatch tells of one query. */
export interface MetricValues {
  /** By the start of the period, in epoch milliseconds. */
  readonly values: Map<number, number>;
  isPartial: boolean;
}

/** The values of each query by its id, of all pages. Throws what the SDK throws. */
export async function askMetrics(
  client: CloudWatchClient,
  queries: readonly MetricDataQuery[],
  { from, until }: MetricSpan,
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
