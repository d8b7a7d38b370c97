import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { AlarmReading } from '../../../state-machines/log/observed-events';

/** What Rewind asks of CloudWatch. */
export interface Alarms {
  /**
   * The state of each alarm, by name or ARN, as it is now in the account and region of the service,
   * in the order asked. An alarm that does not exist is `missing`. Where CloudWatch refuses or does
   * not answer, all are `unreadable`, which is a result like any other. Throws for a fault of our
   * own only.
   */
  read(alarms: readonly string[], service: ServiceArn): Promise<readonly AlarmReading[]>;
}

/**
 * The name in an alarm's ARN (`arn:aws:cloudwatch:region:account:alarm:name`); a name is a name.
 */
export function alarmNameOf(alarm: string): string {
  const [, name] = /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(alarm) ?? [];
  return name ?? alarm;
}

/** The ARN of an alarm that a policy names, in the account and region of the service. */
export function alarmArnFor(service: ServiceArn, alarm: string): string {
  const { partition, region, account } = partsOfService(service);
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmNameOf(alarm)}`;
}
