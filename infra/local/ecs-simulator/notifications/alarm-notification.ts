import { formatInstant } from '../../../../state-machines/identifiers';
import type { Alarm, AlarmState } from '../cloudwatch/alarm';
import type { World } from '../world';
import { notify } from './envelope';

/** Sends "CloudWatch Alarm State Change": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
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
  const timestamp = formatInstant(at).replace('Z', '+0000');
  return { value, reason, ...(reasonData === null ? {} : { reasonData }), timestamp };
}

function configurationOf(world: World, { description, rule }: Alarm) {
  const { namespace, name, dimensions } = rule.metric;
  const named = Object.fromEntries(dimensions.map((dimension) => [dimension.name, dimension.value]));
  return {
    ...(description === undefined ? {} : { description }),
    metrics: [
      {
        id: world.random.uuid(),
        metricStat: {
          metric: { namespace, name, dimensions: named },
          period: rule.periodSeconds,
          stat: rule.statistic,
        },
        returnData: true,
      },
    ],
  };
}
