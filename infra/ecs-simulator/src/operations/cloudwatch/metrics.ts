import { z } from 'zod';
import { read, write } from '../../api/operation';
import { ExpressionError } from '../../cloudwatch/expression-reader';
import {
  type Datum,
  type Metric,
  percentilePattern,
  type Statistic,
  statistics,
  trimmedCountPattern,
} from '../../cloudwatch/metrics';
import { type ClockTime, clockTime } from '../../foundation/clock';
import { EcsError } from '../../foundation/ecs-error';
import type { World } from '../../model/world';

export const dimensionsSchema = z
  .array(z.object({ Name: z.string().min(1), Value: z.string().min(1) }))
  .max(30)
  .default([]);

const datumSchema = z.looseObject({
  MetricName: z.string().min(1),
  Dimensions: dimensionsSchema,
  Timestamp: z.number().optional(),
  Value: z.number().optional(),
  Values: z.array(z.number()).optional(),
  Counts: z.array(z.number()).optional(),
  StatisticValues: z
    .object({ SampleCount: z.number(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() })
    .optional(),
});
export const metricStatSchema = z.looseObject({
  Metric: z.looseObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionsSchema }),
  Period: z.number().int().min(1),
  Stat: z.union([
    z.enum(statistics),
    z.string().regex(percentilePattern),
    z.string().regex(trimmedCountPattern),
  ]),
});
const querySchema = z.looseObject({
  Id: z.string(),
  Label: z.string().optional(),
  MetricStat: metricStatSchema,
});
type Query = z.infer<typeof querySchema>;

/**
 * The operations of Amazon CloudWatch on metrics. A query is of one metric: metric math is for
 * alarms here.
 */
export const metricOperations = {
  PutMetricData: write(
    z.looseObject({ Namespace: z.string().min(1), MetricData: z.array(datumSchema).max(1000).default([]) }),
    ({ world, input }) => {
      for (const datum of input.MetricData) {
        const at = datum.Timestamp === undefined ? world.clock.now() : clockTime(datum.Timestamp * 1000);
        const metric = metricOf({ ...datum, Namespace: input.Namespace });
        for (const one of dataIn(datum, at)) world.metrics.put(metric, one);
      }
      return { output: {} };
    },
  ),

  GetMetricData: read(
    z.looseObject({
      MetricDataQueries: z.array(querySchema).min(1).max(500),
      StartTime: z.number(),
      EndTime: z.number(),
      ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
    }),
    ({ world, input }) => ({
      MetricDataResults: input.MetricDataQueries.map((query) => {
        const points = pointsOf(world, query, { from: input.StartTime, until: input.EndTime });
        const ordered = input.ScanBy === 'TimestampAscending' ? points : points.reverse();
        return {
          Id: query.Id,
          Label: query.Label ?? query.MetricStat.Metric.MetricName,
          Timestamps: ordered.map(({ at }) => at),
          Values: ordered.map(({ value }) => value),
          StatusCode: 'Complete',
        };
      }),
      Messages: [],
    }),
  ),
};

export function metricOf(input: {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}): Metric {
  const dimensions = input.Dimensions.map(({ Name: name, Value: value }) => ({ name, value }));
  return { namespace: input.Namespace, name: input.MetricName, dimensions };
}

/** Reads an expression; one that cannot be read is an InvalidParameterException. */
export function understood<Read>(parse: () => Read): Read {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new EcsError('InvalidParameterException', error.message, { cause: error });
  }
}

function dataIn(datum: z.infer<typeof datumSchema>, at: ClockTime): Datum[] {
  const { Value, Values = [], Counts = [], StatisticValues } = datum;
  const single = Value === undefined ? [] : [{ value: Value, count: 1 }];
  const several = Values.map((value, index) => ({ value, count: Counts[index] ?? 1 }));
  const data = [...single, ...several].map(({ value, count }) => ({
    at,
    count,
    sum: value * count,
    minimum: value,
    maximum: value,
  }));
  if (StatisticValues === undefined) return data;
  const { SampleCount: count, Sum: sum, Minimum: minimum, Maximum: maximum } = StatisticValues;
  return [...data, { at, count, sum, minimum, maximum }];
}

/**
 * One value for each period that has data, by the period's start in epoch seconds, the oldest
 * first.
 */
function pointsOf(
  world: World,
  { MetricStat: { Metric: given, Period: period, Stat: statistic } }: Query,
  { from, until }: { from: number; until: number },
): { at: number; value: number }[] {
  const metric = metricOf(given);
  const points: { at: number; value: number }[] = [];
  for (let at = Math.floor(from / period) * period; at < until; at += period) {
    const value = world.metrics.statistic(metric, {
      from: at * 1000,
      until: (at + period) * 1000,
      statistic: statistic as Statistic,
    });
    if (value !== null) points.push({ at, value });
  }
  return points;
}
