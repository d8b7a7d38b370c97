import { withNewest } from '../../log/foundation/newest';
import { valueAt } from '../../log/foundation/value-at';
import type { Instant } from '../../log/instant';
import type { AlarmChanged, AlarmHistory } from '../../log/observed-events';
import { type AlarmPast, raisesKept } from './alarm-past';

/** What is remembered of a service's alarms. */
export interface AlarmMemory extends AlarmPast {
  /** The last known state of each alarm. */
  readonly alarms: { readonly [alarmName: string]: string };
  /** Alarms that have never been OK since they were made. */
  readonly newAlarms: readonly string[];
}

const alarmsKept = 100;

/** Keeps the state of an alarm; one that was just made is new until it is OK. */
export function rememberAlarm<Memory extends AlarmMemory>(
  memory: Memory,
  { alarmName, state, previousState, wasNew, occurredAt }: AlarmChanged,
): Memory {
  const others = memory.newAlarms.filter((other) => other !== alarmName);
  const isNew = state !== 'OK' && (wasNew === true || others.length < memory.newAlarms.length);
  return {
    ...memory,
    alarms: withNewest(memory.alarms, [alarmName, state], alarmsKept),
    alarmsRaisedUntil:
      state === 'ALARM' || previousState === 'ALARM'
        ? withNewest(memory.alarmsRaisedUntil, [alarmName, occurredAt], alarmsKept)
        : memory.alarmsRaisedUntil,
    newAlarms: isNew ? [alarmName, ...others].slice(0, alarmsKept) : others,
  };
}

/** The alarms that do not count yet for a rollout that starts now. */
export function alarmsRaisedNow({ alarms, newAlarms }: AlarmMemory): string[] {
  const raised = Object.keys(alarms).filter((alarm) => alarms[alarm] === 'ALARM');
  return [...new Set([...raised, ...newAlarms])];
}

/** Keeps that an alarm was raised although no release can be why. */
export function rememberRaise<Memory extends AlarmMemory>(
  memory: Memory,
  alarmName: string,
  at: Instant,
): Memory {
  const known = valueAt(memory.alarmRaises, alarmName) ?? [];
  if (known.includes(at)) return memory;
  const raises = [...known, at].sort((a, b) => a - b).slice(-raisesKept);
  return { ...memory, alarmRaises: withNewest(memory.alarmRaises, [alarmName, raises], alarmsKept) };
}

/** Learns what an alarm did before a rollout, as the rollout's opening tells it. */
export function rememberHistory<Memory extends AlarmMemory>(
  memory: Memory,
  { alarm, state, raises, raisedUntil }: AlarmHistory,
): Memory {
  const known = valueAt(memory.alarmRaises, alarm) ?? [];
  const allRaises = [...new Set([...known, ...raises])].sort((a, b) => a - b).slice(-raisesKept);
  const until = Math.max(valueAt(memory.alarmsRaisedUntil, alarm) ?? 0, raisedUntil ?? 0) as Instant;
  return {
    ...memory,
    alarms: withNewest(memory.alarms, [alarm, state], alarmsKept),
    alarmRaises:
      allRaises.length === 0
        ? memory.alarmRaises
        : withNewest(memory.alarmRaises, [alarm, allRaises], alarmsKept),
    alarmsRaisedUntil:
      until === 0
        ? memory.alarmsRaisedUntil
        : withNewest(memory.alarmsRaisedUntil, [alarm, until], alarmsKept),
    newAlarms: state === 'OK' ? memory.newAlarms.filter((other) => other !== alarm) : memory.newAlarms,
  };
}
