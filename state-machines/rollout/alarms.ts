import type { AlarmsChecked, BakeElapsed } from '../log/decided-events';
import { secondsAfter } from '../log/instant';
import type { AlarmChanged } from '../log/observed-events';
import { alarmsRaisedBefore, type Change, fail, type RolloutContext } from './rollout-context';
import type { Signal } from './signals';

/**
 * Whether the change counts against the rollout: one muted since its start has to have been OK in
 * between.
 */
export function isRaised(
  { muted }: RolloutContext,
  { alarmName, state, previousState }: AlarmChanged,
): boolean {
  if (state !== 'ALARM' || previousState === 'ALARM') return false;
  return previousState === 'OK' || !muted.includes(alarmName);
}

/**
 * One already in ALARM at the start does not count until it has been OK once; the others still do.
 */
export function noteAlarm(context: RolloutContext, alarm: AlarmChanged): Change {
  if (alarm.state === 'OK') return { muted: context.muted.filter((name) => name !== alarm.alarmName) };
  const wasRaised = alarm.previousState === 'ALARM';
  return wasRaised && !context.muted.includes(alarm.alarmName)
    ? { muted: [...context.muted, alarm.alarmName] }
    : {};
}

/**
 * What the alarms showed at the end of the bake. One that turns out to have been raised before the
 * start is muted even now.
 */
export function noteCheck(context: RolloutContext, { occurredAt, alarms }: AlarmsChecked): Change {
  const muted = [...new Set([...context.muted, ...alarmsRaisedBefore(context.startedAt, alarms)])];
  return { check: { at: occurredAt, alarms }, muted };
}

/** The alarm that the check found raised; undefined when it found none that counts. */
export function raisedIn(
  { muted, startedAt }: RolloutContext,
  { alarms }: AlarmsChecked,
): string | undefined {
  const before = alarmsRaisedBefore(startedAt, alarms);
  return alarms.find(
    ({ alarm, state }) => state === 'ALARM' && !muted.includes(alarm) && !before.includes(alarm),
  )?.alarm;
}

type BakeEnd = Signal & { readonly event: BakeElapsed };

/**
 * What nobody could tell at the end of the bake: alarms without an answer, tasks that ECS refused
 * to show.
 */
export function unknownsAtEnd({ check, dueAt }: RolloutContext, { event }: BakeEnd): readonly string[] {
  const readings = check?.at === dueAt ? (check?.alarms ?? []) : [];
  const silent = readings.filter(({ state }) => state !== 'OK' && state !== 'ALARM');
  const alarms = silent.map(({ alarm, state }) => `${alarm} (${state})`);
  return event.isBlind ? [...alarms, "the service's tasks (ECS refuses to show them)"] : alarms;
}

export function extendBake({ policy }: RolloutContext, signal: Signal): Change {
  return { isBakeExtended: true, dueAt: secondsAfter(signal.at, policy.bakeSeconds) };
}

/**
 * The bake and its extension are over, and nobody can say whether anything speaks against the
 * rollout.
 */
export function endUnsure(context: RolloutContext, signal: BakeEnd): Change {
  const unknowns = unknownsAtEnd(context, signal).join(', ');
  const message = `the bake was extended once and still nothing is known of ${unknowns}`;
  const result = context.policy.onInconclusive === 'rollback' ? 'failed' : 'inconclusive';
  return { verdict: { result, reason: 'DeadlineElapsed', message, at: signal.at, eventId: signal.id } };
}

export function failOnCheck(context: RolloutContext, signal: Signal & { event: AlarmsChecked }): Change {
  return fail(
    signal,
    'AlarmRaised',
    `alarm ${raisedIn(context, signal.event)} is in ALARM at the end of the bake`,
  );
}

export function failOnAlarm(_: RolloutContext, signal: Signal & { event: AlarmChanged }): Change {
  return fail(signal, 'AlarmRaised', `alarm ${signal.event.alarmName} went to ALARM`);
}
