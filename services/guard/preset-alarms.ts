import {
  type CloudWatchClient,
  DeleteAlarmsCommand,
  type Dimension,
  type MetricAlarm,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { ObservedAlarm } from '../../state-machines/protection/observed-protection';
import {
  type AlarmDefinition,
  isOnTraffic,
  type MetricQuery,
  type PresetAlarm,
} from '../../state-machines/protection/preset-alarms';

/**
 * What the guard asks of CloudWatch. Every method throws what the SDK throws, after its retries.
 */
export interface PresetAlarms {
  /** The alarms that exist, by name, composite ones included. */
  describe(names: readonly string[]): Promise<ReadonlyMap<string, ObservedAlarm>>;
  /**
   * Makes the alarm, or changes it to its definition; actions that people added stay. Repeatable.
   */
  put(alarm: PresetAlarm, service: ServiceArn): Promise<void>;
  /** Deletes the alarms that exist. Repeatable. */
  remove(names: readonly string[]): Promise<void>;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const namesACall = 100;
/** A value above the threshold is bad, and a minute without data is good. */
const sense = { ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' } as const;

export function cloudWatchPresetAlarms(client: CloudWatchClient): PresetAlarms {
  return {
    describe: (names) => observedAlarms(client, names),
    async put({ name, preset, description, definition }, service) {
      // PutMetricAlarm replaces an alarm whole.
      const [existing] = (await listAlarms(client, [name])).MetricAlarms;
      const { AlarmActions, OKActions, InsufficientDataActions } = existing ?? {};
      const input: PutMetricAlarmCommandInput = {
        AlarmName: name,
        AlarmDescription: `Rewind's guard keeps it: ${description}`,
        ...inputOf(definition),
        ...sense,
        AlarmActions,
        OKActions,
        InsufficientDataActions,
        // CloudWatch takes tags only when an alarm is made.
        Tags: [
          { Key: 'rewind:service', Value: service },
          { Key: 'rewind:preset', Value: preset },
        ],
      };
      await client.send(new PutMetricAlarmCommand(input));
    },
    async remove(names) {
      const existing = [...(await observedAlarms(client, names)).keys()];
      if (existing.length > 0) await client.send(new DeleteAlarmsCommand({ AlarmNames: existing }));
    },
  };
}

async function observedAlarms(
  client: CloudWatchClient,
  names: readonly string[],
): Promise<Map<string, ObservedAlarm>> {
  const { MetricAlarms, CompositeAlarms } = await listAlarms(client, names);
  const observed = [
    ...MetricAlarms.map(observedMetricAlarm),
    ...CompositeAlarms.map(({ AlarmName = '', StateValue = 'INSUFFICIENT_DATA' }) => ({
      name: AlarmName,
      state: StateValue,
      isOnTraffic: false,
      definition: null,
    })),
  ];
  return new Map(observed.map((alarm) => [alarm.name, alarm]));
}

async function listAlarms(client: CloudWatchClient, names: readonly string[]) {
  const listed: {
    MetricAlarms: MetricAlarm[];
    CompositeAlarms: { AlarmName?: string; StateValue?: string }[];
  } = { MetricAlarms: [], CompositeAlarms: [] };
  for (let start = 0; start < names.length; start += namesACall) {
    const AlarmNames = names.slice(start, start + namesACall);
    const pages = paginateDescribeAlarms(
      { client, pageSize: namesACall },
      { AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
    );
    for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
      listed.MetricAlarms.push(...MetricAlarms);
      listed.CompositeAlarms.push(...(CompositeAlarms as (typeof listed)['CompositeAlarms']));
    }
  }
  return listed;
}

function observedMetricAlarm(alarm: MetricAlarm): ObservedAlarm {
  const queries = queriesOf(alarm);
  const { AlarmName = '', StateValue = 'INSUFFICIENT_DATA', EvaluationPeriods = 1 } = alarm;
  const isInSense =
    alarm.ComparisonOperator === sense.ComparisonOperator &&
    alarm.TreatMissingData === sense.TreatMissingData;
  const definition: AlarmDefinition = {
    queries,
    periodSeconds:
      alarm.Period ?? alarm.Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 0,
    threshold: alarm.Threshold ?? Number.NaN,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? EvaluationPeriods,
  };
  const isOn = alarm.ActionsEnabled !== false;
  return {
    name: AlarmName,
    state: StateValue,
    isOnTraffic: isOnTraffic(queries),
    definition: isInSense && isOn ? definition : null,
  };
}

/** An alarm on one metric has no queries: it is read as one query, so that it can be compared. */
function queriesOf({ Metrics = [], ...alarm }: MetricAlarm): MetricQuery[] {
  // AWS promises no order: the guard writes them by id.
  if (Metrics.length > 0) return Metrics.map(queryOf).sort((a, b) => (a.id < b.id ? -1 : 1));
  const { Namespace = '', MetricName = '', Dimensions = [], Statistic, ExtendedStatistic } = alarm;
  const metric = { namespace: Namespace, name: MetricName, dimensions: valuesByName(Dimensions) };
  return [{ id: 'm1', metric, stat: ExtendedStatistic ?? Statistic ?? '' }];
}

function queryOf({ Id = '', Expression, MetricStat }: MetricDataQuery): MetricQuery {
  if (MetricStat === undefined) return { id: Id, expression: Expression ?? '' };
  const { Namespace = '', MetricName = '', Dimensions = [] } = MetricStat.Metric ?? {};
  const metric = { namespace: Namespace, name: MetricName, dimensions: valuesByName(Dimensions) };
  return { id: Id, metric, stat: MetricStat.Stat ?? '' };
}

function valuesByName(dimensions: readonly Dimension[]): { [name: string]: string } {
  return Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
}

function inputOf(definition: AlarmDefinition): Partial<PutMetricAlarmCommandInput> {
  const { queries, periodSeconds, threshold, evaluationPeriods, datapointsToAlarm } = definition;
  const [first] = queries;
  const periods = {
    Threshold: threshold,
    EvaluationPeriods: evaluationPeriods,
    DatapointsToAlarm: datapointsToAlarm,
  };
  if (queries.length > 1 || first === undefined || !('metric' in first)) {
    const Metrics = queries.map((query, index) =>
      dataQueryOf(query, periodSeconds, index === queries.length - 1),
    );
    return { ...periods, Metrics };
  }
  const { metric, stat } = first;
  const statistic = /^p\d/.test(stat)
    ? { ExtendedStatistic: stat }
    : { Statistic: stat as NonNullable<PutMetricAlarmCommandInput['Statistic']> };
  return { ...periods, ...sdkMetric(metric), ...statistic, Period: periodSeconds };
}

type WatchedMetric = Extract<MetricQuery, { metric: unknown }>['metric'];

function sdkMetric({ namespace, name, dimensions }: WatchedMetric) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Namespace: namespace, MetricName: name, Dimensions };
}

function dataQueryOf(query: MetricQuery, periodSeconds: number, isWatched: boolean): MetricDataQuery {
  if (!('metric' in query)) return { Id: query.id, Expression: query.expression, ReturnData: isWatched };
  const MetricStat = { Metric: sdkMetric(query.metric), Period: periodSeconds, Stat: query.stat };
  return { Id: query.id, MetricStat, ReturnData: isWatched };
}
