import type { EventId } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';

/** The event that raised the alarm. */
export const alarmRaised = 'alarm-raised' as EventId;

/** What fails a rollout whose alarm goes up. */
export function alarmVerdict(at: Instant) {
  const message = 'alarm errors went to ALARM';
  return { result: 'failed', reason: 'AlarmRaised', message, at, eventId: alarmRaised } as const;
}
