import type { Alarm, AlarmQuery, AlarmState } from '../cloudwatch/alarm';
import { isoTime } from '../foundation/clock';
import type { World } from '../model/world';
import { notify } from './notify';

type MetricQuery = Extract<AlarmQuery, { metric: unknown }>;

/**
 * Sends "CloudWatch Alarm State Change":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function notifyAlarm(world: World, alarm: Alarm, previous: AlarmState): void {
  notify(world, {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      state: stateOf(alarm.state),
      previousState: stateOf(previous),
      configuration: configurationOf(world, alarm),
    },
  });
}

/** The zone has no colon: this is not RFC 3339. */
function stateOf({ value, reason, reasonData, at }: AlarmState) {
  const timestamp = isoTime(at).replace('Z', '+0000');
  return { value, reason, ...(reasonData === null ? {} : { reasonData }), timestamp };
}

/** As the alarm's settings have it, in the event's own spelling. */
function configurationOf(world: World, { settings, condition }: Alarm) {
  const { AlarmDescription: description, AlarmRule: alarmRule } = settings;
  const described = description === undefined ? {} : { description };
  if (condition.kind === 'composite') return { ...described, alarmRule };
  const { queries, periodSeconds, returned } = condition.rule;
  const metrics = queries.map((query) => {
    const isReturned = query.id === returned;
    const id = queries.length === 1 ? world.random.uuid() : query.id;
    if ('metric' in query)
      return { id, metricStat: metricStatOf(query, periodSeconds), returnData: isReturned };
    return { id, expression: expressionOf(settings, query.id), returnData: isReturned };
  });
  return { ...described, metrics };
}

function metricStatOf({ metric, statistic }: MetricQuery, period: number) {
  const { namespace, name, dimensions } = metric;
  const named = Object.fromEntries(dimensions.map((dimension) => [dimension.name, dimension.value]));
  return { metric: { namespace, name, dimensions: named }, period, stat: statistic };
}

function expressionOf({ Metrics = [] }: { Metrics?: unknown }, id: string): string | undefined {
  return (Metrics as { Id: string; Expression?: string }[]).find(({ Id }) => Id === id)?.Expression;
}
