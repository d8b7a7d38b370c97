import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import type { AlarmReading } from '../../../state-machines/log/observed-events';
import { AccountNotConfiguredError } from '../ecs/ecs';
import { type Alarms, alarmNameOf } from './alarms';

/**
 * The most names that one call takes:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
const namesACall = 100;

/** Learns why alarms are `unreadable`; a reading itself holds no reason. */
export type OnUnreadable = (names: readonly string[], error: Error) => void;

/** CloudWatch, through the SDK: metric and composite alarms of the client's account and region. */
export function cloudWatchAlarms(client: CloudWatchClient, onUnreadable: OnUnreadable = () => {}): Alarms {
  const readSome = async (names: readonly string[]): Promise<AlarmReading[]> => {
    try {
      const described = await describeAlarms(client, names);
      return names.map((alarm) => described.get(alarm) ?? { alarm, state: 'missing', since: null });
    } catch (error) {
      if (!isWithoutAnswer(error)) throw error;
      onUnreadable(names, error);
      return unreadable(names);
    }
  };
  return {
    async read(alarms) {
      const names = alarms.map(alarmNameOf);
      const readings: AlarmReading[] = [];
      for (let start = 0; start < names.length; start += namesACall) {
        readings.push(...(await readSome(names.slice(start, start + namesACall))));
      }
      return readings;
    },
  };
}

/**
 * Asks the CloudWatch that `alarmsAt` finds for the service. Where the service's account is not
 * configured, all alarms are `unreadable`.
 */
export function routedAlarms(alarmsAt: (service: ServiceArn) => Alarms, onUnreadable: OnUnreadable): Alarms {
  return {
    async read(alarms, service) {
      try {
        return await alarmsAt(service).read(alarms, service);
      } catch (error) {
        if (!(error instanceof AccountNotConfiguredError)) throw error;
        const names = alarms.map(alarmNameOf);
        onUnreadable(names, error);
        return unreadable(names);
      }
    },
  };
}

const errorsBeforeTheCall: ReadonlySet<string> = new Set(['CredentialsProviderError', 'TimeoutError']);

/**
 * Whether AWS refused the call (throttled, denied) or was out of reach. That nothing is known is
 * then recorded, and decided on; any other error is a fault of ours. The SDK puts `$metadata` on
 * every error of a call that it sent.
 */
function isWithoutAnswer(error: unknown): error is Error {
  return error instanceof Error && ('$metadata' in error || errorsBeforeTheCall.has(error.name));
}

function unreadable(names: readonly string[]): AlarmReading[] {
  return names.map((alarm) => ({ alarm, state: 'unreadable', since: null }));
}

async function describeAlarms(
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
