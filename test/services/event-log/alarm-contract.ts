import { describe, expect, it } from 'vitest';
import {
  alarmChangesAtMost,
  type EventLog,
  type RecordedAlarmChange,
  UnstorableEventError,
} from '../../../services/event-log/event-log';
import type { EventId, ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import { collect } from './collect';

/** What every implementation of EventLog keeps of alarms' own streams. */
export function alarmContract(eventLog: () => EventLog): void {
  describe('an alarm’s own stream', () => {
    it('gives the changes since an instant back in order, byte for byte, each once', async () => {
      const alarm = newAlarm();
      const [first, second, third] = [1_000, 2_000, 3_000].map((at) => changeOf(alarm, at)) as [
        RecordedAlarmChange,
        RecordedAlarmChange,
        RecordedAlarmChange,
      ];
      const again = { ...second, recordedAt: instantFrom(9_000), notification: 'again' };
      for (const change of [third, first, second, again]) await eventLog().appendAlarmChange(change);
      expect(await eventLog().alarmChanges(alarm, 2_000 as Instant)).toEqual([second, third]);
      expect(await eventLog().alarmChanges(alarm, 0 as Instant)).toEqual([first, second, third]);
    });

    it('gives the newest of very many', async () => {
      const alarm = newAlarm();
      const changes = Array.from({ length: alarmChangesAtMost + 3 }, (_, index) =>
        changeOf(alarm, 1_000 + index),
      );
      await Promise.all(changes.map((change) => eventLog().appendAlarmChange(change)));
      expect(await eventLog().alarmChanges(alarm, 0 as Instant)).toEqual(changes.slice(3));
    });

    it('is in no service’s stream, and another alarm’s is not in it', async () => {
      const [alarm, longer] = [newAlarm(), `${newAlarm()}-canary`];
      await eventLog().appendAlarmChange(changeOf(longer, 1_000));
      expect(await eventLog().alarmChanges(alarm, 0 as Instant)).toEqual([]);
      expect(await collect(eventLog().read(longer as string as ServiceArn, null))).toEqual([]);
    });

    it('refuses a change that would not sort', async () => {
      await expect(eventLog().appendAlarmChange(changeOf(newAlarm(), 1e13))).rejects.toThrow(
        UnstorableEventError,
      );
    });
  });
}

const place = 'arn:aws:cloudwatch:eu-central-1:481516234207:alarm';
let alarms = 0;

function newAlarm(): string {
  alarms += 1;
  return `${place}:alarm ${alarms}`;
}

function changeOf(alarm: string, at: number): RecordedAlarmChange {
  return {
    change: {
      type: 'AlarmChanged',
      id: `change-${at}` as EventId,
      occurredAt: at as Instant,
      alarm,
      alarmName: alarm.slice(place.length + 1),
      state: 'ALARM',
      previousState: 'OK',
      wasNew: true,
    },
    recordedAt: instantFrom(at + 500),
    notification: `{"id": "change-${at}"}\n`,
  };
}
