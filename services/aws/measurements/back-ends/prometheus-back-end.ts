import * as z from 'zod/mini';
import { filledIn, type MeasuredVersion } from '../../../../state-machines/analysis/counting/metric-query';
import { type Instant, instantFrom } from '../../../../state-machines/log/instant';
import { type ArmCounts, windowSeconds } from '../../../../state-machines/log/measuring/measurement';
import { authenticated, type Identity } from './authenticated-headers';
import { isCount, type MetricBackEnd, UnreadableAnswerError } from './back-end';
import { fetchJson } from './limited-fetch';

/**
 * A Prometheus, or what speaks as one: Amazon's, VictoriaMetrics, Mimir, Thanos. `events` and
 * `total` are queries in PromQL that count what came in a window, one series each.
 * https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function prometheusBackEnd(identity: Identity): MetricBackEnd {
  return {
    async read({ metric, versions, windows }) {
      const { address = '', authentication = {} } = metric.provider.prometheus ?? {};
      const ask = async (query: string, version: MeasuredVersion) => {
        const last = windows.at(-1) ?? instantFrom(0);
        const request = rangeRequest(address, filledIn(query, { version, until: last }), windows);
        return valuesIn(await fetchJson(await authenticated(request, authentication, identity)));
      };
      return Promise.all(
        versions.map(async (version) => {
          const [total, events] = await Promise.all([
            ask(metric.total, version),
            ask(metric.events, version),
          ]);
          return {
            minutes: increasesInMinutes(total, events),
            isPartial: total.isPartial || events.isPartial,
          };
        }),
      );
    },
  };
}

/** A range whose steps are the windows' ends: each is what a query at that time would tell. */
function rangeRequest(address: string, query: string, windows: readonly Instant[]) {
  const seconds = (until: Instant | undefined) => `${(until ?? 0) / 1000}`;
  const body = new URLSearchParams({
    query,
    start: seconds(windows[0]),
    end: seconds(windows.at(-1)),
    step: `${windowSeconds}`,
  });
  return {
    url: `${address.replace(/\/+$/, '')}/api/v1/query_range`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  } as const;
}

const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
  warnings: z.optional(z.array(z.string())),
  // VictoriaMetrics says so where a part of its storage did not answer.
  isPartial: z.optional(z.boolean()),
});

interface SeriesValues {
  readonly values: ReadonlyMap<Instant, number>;
  readonly isPartial: boolean;
}

/** No series has counted nothing; several are no answer: the first of them is as good as any. */
function valuesIn(answer: unknown): SeriesValues {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw new UnreadableAnswerError('Prometheus answers with what is no range of values');
  const { data, warnings = [], isPartial = false } = parsed.data;
  const [series, ...others] = data.result;
  if (others.length > 0) {
    throw new UnreadableAnswerError(
      `the query finds ${data.result.length} series instead of one: sum them up`,
    );
  }
  const values = (series?.values ?? []).map(([at, text]) => [instantFrom(at * 1000), Number(text)] as const);
  return { values: new Map(values), isPartial: isPartial || warnings.length > 0 };
}

/** What is no number, or infinite, tells nothing of its minute. */
function increasesInMinutes(total: SeriesValues, events: SeriesValues): ReadonlyMap<Instant, ArmCounts> {
  const minutes = new Map<Instant, ArmCounts>();
  for (const [until, requests] of total.values) {
    const counts = { requests, events: events.values.get(until) ?? 0 };
    if (isCount(counts.requests) && isCount(counts.events)) minutes.set(until, counts);
  }
  return minutes;
}
