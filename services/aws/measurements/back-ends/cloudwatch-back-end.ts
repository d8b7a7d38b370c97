import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { filledIn, type MeasuredVersion } from '../../../../state-machines/analysis/counting/metric-query';
import { type Instant, instantFrom, secondsAfter } from '../../../../state-machines/log/instant';
import type { ProvidedMetric } from '../../../../state-machines/log/measuring/analysis-policy';
import { type ArmCounts, windowSeconds } from '../../../../state-machines/log/measuring/measurement';
import { askMetrics, type MetricValues } from '../metric-data';
import type { MetricBackEnd } from './back-end';

/**
 * Metrics of a user's own in CloudWatch, such as those of the embedded metric format, with a
 * dimension that tells versions apart. `events` and `total` are names of metrics, whose sums count.
 */
export function cloudWatchBackEnd(client: CloudWatchClient): MetricBackEnd {
  return {
    async read({ metric, versions, windows }) {
      const [first, last] = [windows[0], windows.at(-1)];
      if (first === undefined || last === undefined) return versions.map(() => nothing);
      const queries = versions.flatMap((version, index) => [
        sumOf(metric, { version, until: last, id: `total${index}`, name: metric.total }),
        sumOf(metric, { version, until: last, id: `events${index}`, name: metric.events }),
      ]);
      const span = { from: secondsAfter(first, -windowSeconds), until: last };
      const results = await askMetrics(client, queries, span);
      return versions.map((_, index) => {
        const [total, events] = [results.get(`total${index}`), results.get(`events${index}`)];
        const isPartial = total?.isPartial === true || events?.isPartial === true;
        return { minutes: sumsInMinutes(total, events), isPartial };
      });
    },
  };
}

const nothing = { minutes: new Map<Instant, ArmCounts>(), isPartial: false };

interface SummedMetric {
  readonly version: MeasuredVersion;
  readonly until: Instant;
  readonly id: string;
  readonly name: string;
}

function sumOf({ provider }: ProvidedMetric, { version, until, id, name }: SummedMetric): MetricDataQuery {
  const { namespace: Namespace, dimensions = {} } = provider.cloudWatch ?? {};
  const Dimensions = Object.entries(dimensions).map(([Name, value]) => ({
    Name,
    Value: filledIn(value, { version, until }),
  }));
  const MetricName = filledIn(name, { version, until });
  return {
    Id: id,
    MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: windowSeconds, Stat: 'Sum' },
  };
}

/** What counts nothing is not published: no errors are none, no requests leave a minute out. */
function sumsInMinutes(total: MetricValues | undefined, events: MetricValues | undefined) {
  const minutes = new Map<Instant, ArmCounts>();
  for (const [start, requests] of total?.values ?? []) {
    const counts = { requests, events: events?.values.get(start) ?? 0 };
    minutes.set(secondsAfter(instantFrom(start), windowSeconds), counts);
  }
  return minutes;
}
