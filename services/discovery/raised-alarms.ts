import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { AlarmChanged } from '../../state-machines/log/observed-events';
import { type Alarms, alarmArnFor } from '../aws/alarms/alarms';
import { describedId } from '../aws/ecs/described-events';
import type { EventLog } from '../event-log/event-log';

/**
 * The alarms in ALARM that a service's live rollouts watch, as the events that CloudWatch would
 * have sent. An alarm raised before a rollout's start sorts before it, and does not count against
 * it.
 */
export async function raisedAlarms(
  { eventLog, alarms }: { readonly eventLog: EventLog; readonly alarms: Alarms },
  service: ServiceArn,
): Promise<AlarmChanged[]> {
  const watched = (await eventLog.readSnapshot(service))?.watchedAlarms ?? [];
  if (watched.length === 0) return [];
  const readings = await alarms.read(watched, service);
  return readings.flatMap(({ alarm, state, since }) => {
    if (state !== 'ALARM' || since === null) return [];
    const id = describedId('alarm', alarm);
    const fact = { id, service, occurredAt: since, alarm: alarmArnFor(service, alarm), alarmName: alarm };
    return [{ type: 'AlarmChanged', ...fact, state, previousState: null }];
  });
}
