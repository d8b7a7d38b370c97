import type { Alarms } from '../../../../services/aws/alarms/alarms';
import { formatInstant, type Instant } from '../../../../state-machines/log/instant';
import type { AlarmReading } from '../../../../state-machines/log/observed-events';

/** CloudWatch, as a test states it: alarms that were not stated are missing. */
export class StatedAlarms implements Alarms {
  readonly states = new Map<string, { readonly state: string; readonly since: Instant }>();
  /** Whether CloudWatch answers at all. */
  isReadable = true;

  async read(alarms: readonly string[]): Promise<AlarmReading[]> {
    return alarms.map((alarm) => {
      if (!this.isReadable) return { alarm, state: 'unreadable', since: null };
      return { alarm, ...(this.states.get(alarm) ?? { state: 'missing', since: null }) };
    });
  }
}

interface AlarmTelling {
  readonly name: string;
  readonly state: string;
  readonly previous: string;
  readonly at: Instant;
}

/**
 * As CloudWatch notifies:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function alarmNotification({ name, state, previous, at }: AlarmTelling) {
  return {
    version: '0',
    id: `alarm-${name}-${at}`,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: `${formatInstant(at).slice(0, 19)}Z`,
    region: 'us-east-1',
    resources: [`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`],
    detail: {
      alarmName: name,
      state: { value: state, reason: 'stated', timestamp: formatInstant(at).replace('Z', '+0000') },
      previousState: {
        value: previous,
        reason: 'stated',
        timestamp: formatInstant(at).replace('Z', '+0000'),
      },
    },
  };
}
