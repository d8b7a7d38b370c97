import type { Instant } from '../../log/instant';
import type { AlarmChanged, AlarmReading } from '../../log/observed-events';
import type { ContextChange, RolloutContext } from '../rollout-context';

/**
 * Whether the change counts: an alarm that was raised before the start, or has never been OK since
 * it was made, has to have been OK in between.
 */
export function isRaised(
  { raisedBeforeStart }: RolloutContext,
  { alarmName, state, previousState, wasNew }: AlarmChanged,
): boolean {
  if (state !== 'ALARM' || previousState === 'ALARM' || wasNew) return false;
  return previousState === 'OK' || !raisedBeforeStart.includes(alarmName);
}

/** Remembers which alarms do not count yet. An OK makes an alarm count from then on. */
export function afterAlarm(
  { raisedBeforeStart }: RolloutContext,
  { alarmName, state, previousState, wasNew }: AlarmChanged,
): ContextChange {
  if (state === 'OK') return { raisedBeforeStart: raisedBeforeStart.filter((name) => name !== alarmName) };
  const countsAlready = previousState !== 'ALARM' && !wasNew;
  if (countsAlready || raisedBeforeStart.includes(alarmName)) return {};
  return { raisedBeforeStart: [...raisedBeforeStart, alarmName] };
}

/** Alarms in ALARM since before the start, or since nobody knows when. */
export function alarmsRaisedBefore(startedAt: Instant, alarms: readonly AlarmReading[]): string[] {
  return alarms
    .filter(({ state, since }) => state === 'ALARM' && (since === null || since <= startedAt))
    .map(({ alarm }) => alarm);
}
