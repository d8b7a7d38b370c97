import {
  alarmChangesSeen,
  alarmsConcernFrom,
  type KeptAlarmChange,
} from '../../state-machines/decisions/alarm-changes';
import type { AlarmChangesSeen, AlarmQuestion } from '../../state-machines/decisions/situation';
import { logKeyOf } from '../../state-machines/log/events';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import { comparePlaces } from '../../state-machines/log/position';
import { alarmArnFor } from '../aws/alarms/alarms';
import type { EventLog } from '../event-log/event-log';
import { alarmChangedFor } from '../notifications/translation';

/**
 * Reads what the alarms of a policy did, from their own streams, and which of it the service's log
 * holds already. Throws what the log throws.
 */
export async function lookAtAlarms(
  eventLog: EventLog,
  service: ServiceArn,
  question: AlarmQuestion,
): Promise<AlarmChangesSeen> {
  const since = alarmsConcernFrom(question);
  const alarms = [...new Set(question.names.map((name) => alarmArnFor(service, name)))];
  const streams = await Promise.all(alarms.map((alarm) => eventLog.alarmChanges(alarm, since)));
  const kept = streams.flat().map(({ change, notification }) => ({
    event: alarmChangedFor(change, service),
    notification,
  }));
  const known = await eventLog.readAt(
    service,
    kept.map(({ event }) => logKeyOf(event)),
  );
  const knownKeys = new Set(known.map(({ event }) => logKeyOf(event)));
  const changes = kept.map(
    ({ event, notification }): KeptAlarmChange => ({
      event,
      notification,
      isKnown: knownKeys.has(logKeyOf(event)),
    }),
  );
  return alarmChangesSeen(
    question,
    changes.sort((a, b) => comparePlaces(a.event, b.event)),
  );
}
