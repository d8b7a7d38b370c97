import * as z from 'zod';
import { lonelyReasons, readingStates } from '../../../../state-machines/log/measuring/measurement';

const text = z.string();
const count = z.number().min(0);
const counts = z.object({ requests: count, events: count }).nullable();

const version = z.object({ taskDefinition: text, deployment: text.nullable() });

/** What is measured of a rollout, as the log holds it. */
export const analysisPlan = z.object({
  arms: z.object({
    candidate: text.nullable(),
    baseline: text.nullable(),
    lonely: z.enum(lonelyReasons).nullable(),
  }),
  firstSharePercent: z.number().nullable(),
  metrics: z.array(
    z.object({
      metric: text,
      query: text,
      dispersion: z.number().min(1),
      pastRate: count.nullable(),
      slowerThanSeconds: count.optional(),
    }),
  ),
  message: text,
  versions: z.object({ candidate: version, baseline: version.nullable() }).optional(),
});

/** The readings of one window. */
export const metricReadings = z.array(
  z.object({
    metric: text,
    state: z.enum(readingStates),
    candidate: counts,
    baseline: counts,
    because: text.optional(),
  }),
);
