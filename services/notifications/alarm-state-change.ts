import * as z from 'zod/mini';
import { type Envelope, eventIdOf, parseDetail } from './envelope';
import { occurredAt } from './occurred-at';
import { InvalidNotificationError } from './parse-part';
import { optionalText } from './plain-fields';
import { partitionOf } from './service-identity';
import type { Translation } from './translation';

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
const detailSchema = z.object({
  alarmName: z.string().check(z.minLength(1)),
  state: z.object({ value: z.string(), timestamp: optionalText }),
  previousState: z.nullish(z.object({ value: optionalText, reason: optionalText })),
});

/**
 * Translates *CloudWatch Alarm State Change*. The notification does not say whose rollouts the
 * alarm watches.
 */
export function translateAlarmStateChange(envelope: Envelope): Translation {
  const { alarmName, state, previousState } = parseDetail(envelope, detailSchema);
  return {
    kind: 'alarm',
    alarm: {
      type: 'AlarmChanged',
      id: eventIdOf(envelope),
      occurredAt: occurredAt(envelope, 'detail.state.timestamp', state.timestamp),
      alarm: envelope.resources?.[0] ?? alarmArnOf(envelope, alarmName),
      alarmName,
      state: state.value,
      previousState: previousState?.value ?? null,
      ...(isOfCreation(previousState?.reason) ? { wasNew: true } : {}),
    },
  };
}

/** What CloudWatch gives as the reason of the state that an alarm is created with. */
function isOfCreation(reason: string | null | undefined): boolean {
  return reason?.startsWith('Unchecked: Initial alarm creation') === true;
}

function alarmArnOf({ region, account }: Envelope, alarmName: string): string {
  if (!region || !account)
    throw new InvalidNotificationError('resources[0], the ARN of the alarm, is missing');
  return `arn:${partitionOf(region)}:cloudwatch:${region}:${account}:alarm:${alarmName}`;
}
