import { z } from 'zod';
import { type Alarm, type AlarmRule, type Comparison, comparisons } from '../cloudwatch/alarm';
import { statistics } from '../cloudwatch/metrics';
import { EcsError } from '../ecs-error';
import { epochSeconds, type World } from '../world';
import { dimensionsSchema, dimensionsView, metricOf } from './metrics';
import { read, write } from './operation';
import { pageOf } from './paging';

const states = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

const alarmSchema = z.looseObject({
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().optional(),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensionsSchema,
  Statistic: z.enum(statistics),
  Period: z.number().int().min(10),
  EvaluationPeriods: z.number().int().min(1),
  DatapointsToAlarm: z.number().int().min(1).optional(),
  Threshold: z.number(),
  ComparisonOperator: z.enum(Object.keys(comparisons) as [Comparison, ...Comparison[]]),
  TreatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).optional(),
});
type AlarmInput = z.infer<typeof alarmSchema>;

/** The operations of Amazon CloudWatch on alarms of one metric. */
export const alarmOperations = {
  PutMetricAlarm: write(alarmSchema, ({ world, input }) => {
    const arn = `arn:aws:cloudwatch:${world.region}:${world.accountId}:alarm:${input.AlarmName}`;
    world.alarms.put({
      name: input.AlarmName,
      arn,
      description: input.AlarmDescription,
      rule: ruleOf(input),
    });
    return { output: {}, resource: arn };
  }),

  SetAlarmState: write(
    z.looseObject({
      AlarmName: z.string().min(1),
      StateValue: z.enum(states),
      StateReason: z.string().max(1023),
      StateReasonData: z.string().optional(),
    }),
    ({ world, input }) => {
      const { StateValue: value, StateReason: reason, StateReasonData: reasonData = null } = input;
      if (!world.alarms.setState(input.AlarmName, { value, reason, reasonData })) {
        throw new EcsError('ResourceNotFound', 'The named resource does not exist.');
      }
      return { output: {} };
    },
  ),

  DescribeAlarms: read(
    z.looseObject({
      AlarmNames: z.array(z.string()).max(100).optional(),
      AlarmNamePrefix: z.string().optional(),
      StateValue: z.enum(states).optional(),
      MaxRecords: z.number().int().min(1).max(100).optional(),
      NextToken: z.string().optional(),
    }),
    ({ world, input }) => {
      const { AlarmNames: names, AlarmNamePrefix: prefix = '', StateValue: state } = input;
      const alarms = allAlarms(world)
        .filter(({ name }) => names === undefined || names.length === 0 || names.includes(name))
        .filter(({ name }) => name.startsWith(prefix))
        .filter((alarm) => state === undefined || alarm.state.value === state);
      const paging = { maxResults: input.MaxRecords, nextToken: input.NextToken };
      const { items, nextToken } = pageOf(alarms, paging, 50);
      return { MetricAlarms: items.map(alarmView), CompositeAlarms: [], NextToken: nextToken };
    },
  ),
};

function allAlarms(world: World): Alarm[] {
  return [...world.alarms.list()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function ruleOf(input: AlarmInput): AlarmRule {
  return {
    metric: metricOf(input),
    statistic: input.Statistic,
    periodSeconds: input.Period,
    evaluationPeriods: input.EvaluationPeriods,
    datapointsToAlarm: input.DatapointsToAlarm ?? input.EvaluationPeriods,
    threshold: input.Threshold,
    comparison: input.ComparisonOperator,
    treatMissingData: input.TreatMissingData ?? 'missing',
  };
}

function alarmView({ name, arn, description, rule, configuredAt, state }: Alarm) {
  return {
    AlarmName: name,
    AlarmArn: arn,
    AlarmDescription: description,
    AlarmConfigurationUpdatedTimestamp: epochSeconds(configuredAt),
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData ?? undefined,
    StateUpdatedTimestamp: epochSeconds(state.at),
    StateTransitionedTimestamp: epochSeconds(state.at),
    Namespace: rule.metric.namespace,
    MetricName: rule.metric.name,
    Dimensions: dimensionsView(rule.metric),
    Statistic: rule.statistic,
    Period: rule.periodSeconds,
    EvaluationPeriods: rule.evaluationPeriods,
    DatapointsToAlarm: rule.datapointsToAlarm,
    Threshold: rule.threshold,
    ComparisonOperator: rule.comparison,
    TreatMissingData: rule.treatMissingData,
  };
}
