import { valueAt } from '../../log/foundation/value-at';
import { type Instant, secondsAfter } from '../../log/instant';
import type { DoubtedAlarm } from './doubted-alarm';

/** What is remembered of a service's alarms beyond its live rollouts, by their names. */
export interface AlarmPast {
  /** When each alarm was raised although no release can be why: the last three times. */
  readonly alarmRaises: { readonly [alarmName: string]: readonly Instant[] };
  /** When each alarm was last in ALARM, as far as its changes tell. */
  readonly alarmsRaisedUntil: { readonly [alarmName: string]: Instant };
}

export const weekSeconds = 604_800;
const incidentSeconds = 1800;
/** Raises that are remembered of an alarm. */
export const raisesKept = 3;

/** The alarms that a rollout which starts now does not believe at once. */
export function alarmsDoubtedAt(
  { alarmRaises, alarmsRaisedUntil }: AlarmPast,
  start: Instant,
): DoubtedAlarm[] {
  const names = new Set([...Object.keys(alarmRaises), ...Object.keys(alarmsRaisedUntil)]);
  return [...names].flatMap((alarm) => {
    const raises = valueAt(alarmRaises, alarm) ?? [];
    const isInWeek = (at: Instant) => at < start && secondsAfter(at, weekSeconds) > start;
    const raisedBefore = raises.filter(isInWeek).length;
    const raisedUntil = valueAt(alarmsRaisedUntil, alarm);
    const isIncident = raisedUntil !== undefined && secondsAfter(raisedUntil, incidentSeconds) > start;
    if (raisedBefore === 0 && !isIncident) return [];
    const incident = isIncident ? { wasRaisedAtStart: true as const } : {};
    return [{ alarm, raisedBefore, ...incident, since: null, raises: [] }];
  });
}
