import * as z from 'zod/mini';
import { lonelyReasons, readingStates } from '../../../../state-machines/log/measuring/measurement';

const text = z.string();
const count = z.number().check(z.minimum(0));
const counts = z.nullable(z.object({ requests: count, events: count }));

const version = z.object({ taskDefinition: text, deployment: z.nullable(text) });

/** What is measured of a rollout, as the log holds it. */
export const analysisPlan = z.object({
  arms: z.object({
    candidate: z.nullable(text),
    baseline: z.nullable(text),
    lonely: z.nullable(z.enum(lonelyReasons)),
  }),
  firstSharePercent: z.nullable(z.number()),
  metrics: z.array(
    z.object({
      metric: text,
      query: text,
      dispersion: z.number().check(z.minimum(1)),
      pastRate: z.nullable(count),
      slowerThanSeconds: z.optional(count),
    }),
  ),
  message: text,
  versions: z.optional(z.object({ candidate: version, baseline: z.nullable(version) })),
});

/** The readings of one window. */
export const metricReadings = z.array(
  z.object({
    metric: text,
    state: z.enum(readingStates),
    candidate: counts,
    baseline: counts,
    because: z.optional(text),
  }),
);
