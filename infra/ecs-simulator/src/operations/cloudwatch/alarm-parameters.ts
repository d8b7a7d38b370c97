import { z } from 'zod';
import { type AlarmComparison, type AlarmQuery, type AlarmRule, comparisons } from '../../cloudwatch/alarm';
import { parseMetricMath } from '../../cloudwatch/metric-math';
import { percentilePattern, type Statistic, statistics } from '../../cloudwatch/metrics';
import { EcsError } from '../../foundation/ecs-error';
import { dimensionsSchema, metricOf, metricStatSchema, understood } from './metrics';

const actions = z.array(z.string()).default([]);
/** What an alarm does is kept, and never done. */
export const actionFields = {
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: z.boolean().default(true),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
};

const querySchema = z.looseObject({
  Id: z.string().regex(/^[a-z]\w*$/),
  MetricStat: metricStatSchema.optional(),
  Expression: z.string().optional(),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
  Period: z.number().int().optional(),
});

export const alarmSchema = z.looseObject({
  AlarmName: z.string().min(1).max(255),
  ...actionFields,
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: dimensionsSchema,
  Statistic: z.enum(statistics).optional(),
  ExtendedStatistic: z.string().regex(percentilePattern).optional(),
  Period: z.number().int().min(10).optional(),
  Metrics: z.array(querySchema).min(1).max(20).optional(),
  EvaluationPeriods: z.number().int().min(1),
  DatapointsToAlarm: z.number().int().min(1).optional(),
  Threshold: z.number(),
  ComparisonOperator: z.enum(Object.keys(comparisons) as [AlarmComparison, ...AlarmComparison[]]),
  TreatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
});
type AlarmInput = z.infer<typeof alarmSchema>;

/**
 * When an alarm on one metric, or on metric math, is raised; throws InvalidParameterException for
 * what is neither or both.
 */
export function ruleOf(input: AlarmInput): AlarmRule {
  const { Metrics: metrics, MetricName: metricName } = input;
  if ((metrics === undefined) === (metricName === undefined))
    refuse('Either MetricName or Metrics is required');
  const source = metrics === undefined ? metricIn(input) : mathIn(metrics);
  return {
    ...source,
    evaluationPeriods: input.EvaluationPeriods,
    datapointsToAlarm: input.DatapointsToAlarm ?? input.EvaluationPeriods,
    threshold: input.Threshold,
    comparison: input.ComparisonOperator,
    treatMissingData: input.TreatMissingData,
  };
}

type Source = Pick<AlarmRule, 'queries' | 'returned' | 'periodSeconds'>;

function metricIn(input: AlarmInput): Source {
  const { Namespace, MetricName, Dimensions, Period: periodSeconds } = input;
  const statistic = input.Statistic ?? (input.ExtendedStatistic as Statistic | undefined);
  if (Namespace === undefined || MetricName === undefined || !statistic || periodSeconds === undefined) {
    return refuse('Namespace, MetricName, Period and a statistic are required');
  }
  const metric = metricOf({ Namespace, MetricName, Dimensions });
  return { queries: [{ id: 'm1', metric, statistic }], returned: 'm1', periodSeconds };
}

function mathIn(metrics: NonNullable<AlarmInput['Metrics']>): Source {
  const returned = metrics.filter(({ ReturnData }) => ReturnData);
  const [one] = returned;
  if (one === undefined || returned.length > 1)
    return refuse('Exactly one element of the metrics list should return data.');
  const periods = metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Period] : []));
  if (new Set(periods).size !== 1) refuse('The metrics of an alarm have one period');
  // What an expression uses has to be known before it: metrics first, then expressions in the order
  // in which they stand.
  const ordered = [...metrics].sort((a, b) => Number(!a.MetricStat) - Number(!b.MetricStat));
  const ids = metrics.flatMap(({ Id, MetricStat }) => (MetricStat ? [Id] : []));
  return {
    queries: ordered.map((query) => queryOf(query, ids)),
    returned: one.Id,
    periodSeconds: periods[0] ?? 60,
  };
}

function queryOf(
  { Id: id, MetricStat, Expression }: z.infer<typeof querySchema>,
  metrics: readonly string[],
): AlarmQuery {
  if (MetricStat !== undefined) {
    return { id, metric: metricOf(MetricStat.Metric), statistic: MetricStat.Stat as Statistic };
  }
  if (Expression === undefined) refuse(`The query ${id} has neither a metric nor an expression`);
  return { id, math: understood(() => parseMetricMath(Expression, metrics)) };
}

/** An alarm as DescribeAlarms shows it. */
export function settingsOf(input: AlarmInput): Record<string, unknown> {
  const { Dimensions, ...settings } = input;
  const DatapointsToAlarm = input.DatapointsToAlarm ?? input.EvaluationPeriods;
  return { ...settings, ...(input.Metrics === undefined ? { Dimensions } : {}), DatapointsToAlarm };
}

function refuse(message: string): never {
  throw new EcsError('InvalidParameterException', message);
}
