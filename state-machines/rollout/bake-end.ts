import type { AlarmsChecked, BakeElapsed } from '../log/decided-events';
import { type Instant, secondsAfter } from '../log/instant';
import type { AlarmReading } from '../log/observed-events';
import { afterDoubtedReadings, alarmBelievedAt } from './alarms/doubted-alarms';
import { alarmsRaisedBefore } from './alarms/raised-alarms';
import { openMetrics } from './measuring/open-metrics';
import type { ContextChange, RolloutContext } from './rollout-context';
import type { RolloutSignal } from './signals';

/** The end of a bake stands behind its start in the log, even where the policy wants no bake. */
export const shortestBakeSeconds = 0.001;

/**
 * When the end of a phase is due that was to end by the instant: behind the rollout's start and
 * what began the phase, of which either may have been recorded, and the instant learnt late.
 */
export function behindStart(
  { startedAt, transitionCause }: Pick<RolloutContext, 'startedAt' | 'transitionCause'>,
  at: Instant,
): Instant {
  const begunAt = Math.max(startedAt, transitionCause.at) as Instant;
  return Math.max(at, secondsAfter(begunAt, shortestBakeSeconds)) as Instant;
}

/** What a signal shows of the end of a bake. */
export function afterBakeSignal(context: RolloutContext, signal: RolloutSignal): ContextChange {
  if (signal.type === 'AlarmsChecked') return afterAlarmCheck(context, signal.event);
  if (signal.type === 'BakeSkipped') return skipBake(context, signal.at);
  return signal.type === 'BakeElapsed' ? extendBake(context, signal.event) : {};
}

/** Keeps what the alarms showed at the end of the bake, and which of them do not count. */
function afterAlarmCheck(context: RolloutContext, { occurredAt, alarms }: AlarmsChecked): ContextChange {
  const { raisedBeforeStart, startedAt } = context;
  const raised = alarmsRaisedBefore(startedAt, alarms);
  const since = (reading: AlarmReading) => ({ alarm: reading.alarm, since: reading.since ?? occurredAt });
  return {
    alarmCheck: { at: occurredAt, alarms },
    raisedBeforeStart: [...new Set([...raisedBeforeStart, ...raised])],
    doubtedAlarms: afterDoubtedReadings(context, raisedAtCheck(context, alarms).map(since)),
  };
}

/** The alarms that the check found raised, of those that count. */
export function raisedAtCheck(
  { raisedBeforeStart, startedAt }: RolloutContext,
  alarms: readonly AlarmReading[],
): AlarmReading[] {
  const before = [...raisedBeforeStart, ...alarmsRaisedBefore(startedAt, alarms)];
  return alarms.filter(({ alarm, state }) => state === 'ALARM' && !before.includes(alarm));
}

/**
 * What is unknown at the end of the bake: alarms without an answer, tasks that ECS did not show.
 */
export function unknownsAtBakeEnd(
  { alarmCheck, dueAt }: RolloutContext,
  { isBlind }: BakeElapsed,
): readonly string[] {
  const readings = alarmCheck?.at === dueAt ? (alarmCheck?.alarms ?? []) : [];
  const silent = readings.filter(({ state }) => state !== 'OK' && state !== 'ALARM');
  const alarms = silent.map(({ alarm, state }) => `${alarm} (${state})`);
  return isBlind ? [...alarms, "the service's tasks (ECS refuses to show them)"] : alarms;
}

/** Somebody ends the bake: what is looked at at its end is looked at now. */
function skipBake({ dueAt, transitionCause }: RolloutContext, at: Instant): ContextChange {
  // Behind what ends it in the log: both may have been told in one millisecond.
  const endsAt = secondsAfter(at > transitionCause.at ? at : transitionCause.at, shortestBakeSeconds);
  return dueAt === null || dueAt <= endsAt ? {} : { dueAt: endsAt };
}

/** A bake that ends with something unknown is extended once, by its own length. */
function extendBake(context: RolloutContext, event: BakeElapsed): ContextChange {
  const isOver = context.dueAt !== null && event.occurredAt >= context.dueAt;
  const knownAt = postponedUntil(context);
  // A verdict that is postponed is not passed over: the bake goes on until it is known.
  if (isOver && knownAt !== null) return { dueAt: secondsAfter(knownAt, 1) };
  if (!isOver || context.isBakeExtended) return {};
  if (unknownsAtBakeEnd(context, event).length === 0 && openMetrics(context).length === 0) return {};
  const { bakeSeconds } = context.policy;
  return {
    isBakeExtended: true,
    dueAt: secondsAfter(event.occurredAt, Math.max(bakeSeconds, shortestBakeSeconds)),
  };
}

/**
 * When time alone ends the postponement of a verdict, or the doubt of an alarm; null where there is
 * neither.
 */
export function postponedUntil(context: RolloutContext): Instant | null {
  const until = context.suspicion?.postponement?.until ?? null;
  const believedAt = alarmBelievedAt(context);
  if (until === null || believedAt === null) return until ?? believedAt;
  return Math.min(until, believedAt) as Instant;
}
