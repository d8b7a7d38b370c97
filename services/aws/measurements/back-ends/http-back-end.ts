import { filledIn } from '../../../../state-machines/analysis/counting/metric-query';
import type { Instant } from '../../../../state-machines/log/instant';
import type { ArmCounts } from '../../../../state-machines/log/measuring/measurement';
import { authenticated, type Identity } from './authenticated-headers';
import { isCount, type MetricBackEnd, UnreadableAnswerError } from './back-end';
import { fetchJson } from './limited-fetch';

/**
 * A server that answers with JSON, asked once for each version and window. What is filled into its
 * address is encoded as one part of it. `events` and `total` are the places of both numbers in the
 * answer: `data.errors`, `results.0.count`.
 */
export function httpBackEnd(identity: Identity): MetricBackEnd {
  return {
    async read({ metric, versions, windows }) {
      const { url = '', authentication = {} } = metric.provider.http ?? {};
      return Promise.all(
        versions.map(async (version) => {
          const asked = windows.map(async (until) => {
            const address = filledIn(url, { version, until, written: encodeURIComponent });
            const request = { url: address, method: 'GET', headers: { accept: 'application/json' } } as const;
            const answer = await fetchJson(await authenticated(request, authentication, identity));
            return [until, countsIn(answer, metric)] as const;
          });
          const minutes = (await Promise.all(asked)).flatMap(([until, counts]) =>
            counts === null ? [] : [[until, counts] as const],
          );
          return { minutes: new Map<Instant, ArmCounts>(minutes), isPartial: false };
        }),
      );
    },
  };
}

/** Null where the server says by null that it has no requests to tell of. */
function countsIn(
  answer: unknown,
  { events: eventsAt, total: totalAt }: { readonly events: string; readonly total: string },
): ArmCounts | null {
  const requests = valueAt(answer, totalAt);
  if (requests === null) return null;
  const events = valueAt(answer, eventsAt);
  if (isCount(requests) && isCount(events)) return { requests, events };
  const wrong = isCount(requests) ? eventsAt : totalAt;
  throw new UnreadableAnswerError(`the answer has no count at ${wrong}`);
}

function valueAt(answer: unknown, place: string): unknown {
  let value = answer;
  for (const key of place.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as { readonly [key: string]: unknown })[key];
  }
  return value;
}
