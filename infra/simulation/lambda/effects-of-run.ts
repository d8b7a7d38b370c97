import type { EventLog, RecordedEvent } from '../../../services/event-log/event-log';
import type { ProtectionLog } from '../../../services/event-log/protection-log';
import type { CallGate } from '../../local/in-process-clients';
import type { FunctionRun, Place } from './function-run';

/** The log as one invocation reaches it: each of its requests is an effect. */
export function eventLogOfRun(run: FunctionRun, log: EventLog): EventLog {
  const through = <Answer>(operation: string, call: () => Promise<Answer>) =>
    run.effect({ place: 'log', operation }, call);
  return {
    append: (recorded) => through('append', () => log.append(recorded)),
    async *read(service, after) {
      yield* await through('read', () => collected<RecordedEvent>(log.read(service, after)));
    },
    readAt: (service, keys) => through('readAt', () => log.readAt(service, keys)),
    readSnapshot: (service) => through('readSnapshot', () => log.readSnapshot(service)),
    writeSnapshot: (service, snapshot) =>
      through('writeSnapshot', () => log.writeSnapshot(service, snapshot)),
    async *servicesToWake(now) {
      yield* await through('servicesToWake', () => collected(log.servicesToWake(now)));
    },
    async *servicesWatching(alarm) {
      yield* await through('servicesWatching', () => collected(log.servicesWatching(alarm)));
    },
    appendAlarmChange: (recorded) => through('appendAlarmChange', () => log.appendAlarmChange(recorded)),
    alarmChanges: (alarm, since) => through('alarmChanges', () => log.alarmChanges(alarm, since)),
    lastLook: (place) => through('lastLook', () => log.lastLook(place)),
    keepLook: (place, look) => through('keepLook', () => log.keepLook(place, look)),
  };
}

/** The guard's part of the log, in the same way. */
export function protectionLogOfRun(run: FunctionRun, log: ProtectionLog): ProtectionLog {
  const through = <Answer>(operation: string, call: () => Promise<Answer>) =>
    run.effect({ place: 'log', operation }, call);
  return {
    append: (recorded) => through('append', () => log.append(recorded)),
    last: (service) => through('last', () => log.last(service)),
    at: (service, position) => through('at', () => log.at(service, position)),
    async *read(service) {
      yield* await through('read', () => collected(log.read(service)));
    },
    lastCall: (service) => through('lastCall', () => log.lastCall(service)),
  };
}

/** For the clients of the SDK: each call of AWS is an effect. */
export function callGateOf(run: FunctionRun): CallGate {
  return (operation, call) => run.effect({ place: placeOf(operation), operation }, call);
}

function placeOf(operation: string): Place {
  if (operation === 'PutEvents') return 'bus';
  if (operation === 'GetParameter') return 'parameters';
  return /Alarm/.test(operation) ? 'alarms' : 'ecs';
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
