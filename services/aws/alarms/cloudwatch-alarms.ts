import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { AlarmReading } from '../../../state-machines/log/decided-events';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import { type Alarms, alarmNameOf } from './alarms';

/** The most names that one call takes: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const namesACall = 100;

/** CloudWatch, through the SDK: metric and composite alarms of the client's account and region. */
export function cloudWatchAlarms(client: CloudWatchClient): Alarms {
  return {
    async read(alarms) {
      const names = alarms.map(alarmNameOf);
      const readings: AlarmReading[] = [];
      for (let start = 0; start < names.length; start += namesACall) {
        readings.push(...(await readSome(client, names.slice(start, start + namesACall))));
      }
      return readings;
    },
  };
}

/** CloudWatch wherever services run: the one that `alarmsAt` finds for the service is asked. Where it finds none, all are unreadable. */
export function routedAlarms(alarmsAt: (service: ServiceArn) => Alarms): Alarms {
  return {
    async read(alarms, service) {
      try {
        return await alarmsAt(service).read(alarms, service);
      } catch {
        return unreadable(alarms.map(alarmNameOf));
      }
    },
  };
}

async function readSome(client: CloudWatchClient, names: readonly string[]): Promise<AlarmReading[]> {
  try {
    const described = await describe(client, names);
    return names.map((alarm) => described.get(alarm) ?? { alarm, state: 'missing', since: null });
  } catch {
    // Throttled, denied or out of reach: that nothing is known is what gets recorded, and decided on.
    return unreadable(names);
  }
}

function unreadable(names: readonly string[]): AlarmReading[] {
  return names.map((alarm) => ({ alarm, state: 'unreadable', since: null }));
}

async function describe(
  client: CloudWatchClient,
  names: readonly string[],
): Promise<Map<string, AlarmReading>> {
  const pages = paginateDescribeAlarms(
    { client },
    { AlarmNames: [...names], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
  );
  const readings = new Map<string, AlarmReading>();
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
    for (const { AlarmName = '', StateValue, StateUpdatedTimestamp } of [
      ...MetricAlarms,
      ...CompositeAlarms,
    ]) {
      const since = StateUpdatedTimestamp === undefined ? null : instantFrom(StateUpdatedTimestamp.getTime());
      readings.set(AlarmName, { alarm: AlarmName, state: StateValue ?? 'INSUFFICIENT_DATA', since });
    }
  }
  return readings;
}
