import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import type { MeasuredVersion } from '../../../../state-machines/analysis/counting/metric-query';
import { formatInstant, type Instant, secondsAfter } from '../../../../state-machines/log/instant';
import { type ArmCounts, windowSeconds } from '../../../../state-machines/log/measuring/measurement';
import { backEndMilliseconds, type MetricBackEnd, UnreadableAnswerError } from './back-end';

/**
 * A function of the user's own, called once for each version and window. It answers with
 * `{ "total": 600, "events": 3 }`, with `{ "passed": true }` where it only checks, or with null
 * where it has nothing to tell.
 */
export function lambdaBackEnd(client: LambdaClient): MetricBackEnd {
  return {
    async read({ service, metric, versions, windows }) {
      const FunctionName = metric.provider.lambda?.function ?? '';
      const ask = async (version: MeasuredVersion, until: Instant) => {
        const window = {
          from: formatInstant(secondsAfter(until, -windowSeconds)),
          until: formatInstant(until),
        };
        const Payload = Buffer.from(JSON.stringify({ service, metric: metric.name, version, window }));
        const abortSignal = AbortSignal.timeout(backEndMilliseconds);
        const answer = await client.send(new InvokeCommand({ FunctionName, Payload }), { abortSignal });
        if (answer.FunctionError !== undefined) throw new UnreadableAnswerError('the function failed');
        return countsIn(Buffer.from(answer.Payload ?? []).toString('utf8'));
      };
      return Promise.all(
        versions.map(async (version) => {
          const asked = windows.map(async (until) => ({ until, counts: await ask(version, until) }));
          const minutes = new Map<Instant, ArmCounts>();
          for (const { until, counts } of await Promise.all(asked)) {
            if (counts !== null) minutes.set(until, counts);
          }
          return { minutes, isPartial: false };
        }),
      );
    },
  };
}

const count = z.number().check(z.minimum(0));
const answerSchema = z.union([
  z.object({ total: count, events: count }),
  z.object({ passed: z.boolean() }),
  z.null(),
]);

/** A check that passes is one request without an event. */
function countsIn(payload: string): ArmCounts | null {
  const parsed = answerSchema.safeParse(parsedJson(payload));
  if (!parsed.success) throw new UnreadableAnswerError('the function answers with neither counts nor passed');
  const answer = parsed.data;
  if (answer === null) return null;
  if ('passed' in answer) return { requests: 1, events: answer.passed ? 0 : 1 };
  return { requests: answer.total, events: answer.events };
}

function parsedJson(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
