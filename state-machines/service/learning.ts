import { type ServicePast, withMore } from '../log/foundation/service-past';
import { valueAt } from '../log/foundation/value-at';
import { type Instant, secondsAfter } from '../log/instant';
import type { AlarmChanged, TaskChanged } from '../log/observed-events';
import { causeKindOf, isFailure } from '../log/stopped-task';
import { rememberAlarm, rememberRaise } from '../rollout/alarms/alarm-memory';
import { believedAfterSeconds } from '../rollout/alarms/doubted-alarm';
import { classOfStop } from '../rollout/evidence';
import { isFollowed, type LiveRollout } from '../rollout/live-rollout';
import { isRollback, type RolloutContext } from '../rollout/rollout-context';
import { countTasks, emptyLedger, markOf } from '../rollout/task-ledger';
import { exposedUntil, settledAfterSeconds, taskHoursOf } from '../rollout/weighing/exposure';
import { sameLossSeconds } from '../rollout/weighing/losses';
import { startsOf } from '../rollout/weighing/weigh';
import { type ServiceMemory, type SteadyCount, standingTasksOf } from './service-memory';
import type { ServiceState } from './service-state';

/**
 * What is learnt of a service's tasks and alarms, so that a rollout can be compared with it. What
 * is bad must not be learnt as usual: of tasks, only rollouts that passed teach, and what runs
 * while none is live, of deployments that have not failed.
 */

const hour = 3_600_000;
const nothing: ServicePast = { starts: 0, failedStarts: 0, taskHours: 0, losses: 0 };

/** The memory at the start of a rollout: what is counted between rollouts ends here. */
export function untilRollout(memory: ServiceMemory, at: Instant): ServiceMemory {
  return memory.steady === null ? memory : { ...withHours(memory, memory.steady, at), steady: null };
}

/** The rollout with how its tasks have run until then. */
export function exposedAt(context: RolloutContext, at: Instant): RolloutContext {
  const { exposure, evidence, past } = context;
  return { ...context, exposure: exposedUntil(exposure, { at, running: evidence.running, past }) };
}

/**
 * The memory after a rollout that has just ended, its probation included; where no other is
 * followed, it goes on.
 */
export function afterRollout(memory: ServiceMemory, live: LiveRollout, isLast: boolean): ServiceMemory {
  const { endedAt, isProven, exposure, policy } = live.context;
  if (isFollowed(live) || endedAt === null) return memory;
  const { failedStarts, losses } = exposure;
  const shown = { starts: startsOf(live.context), failedStarts, taskHours: taskHoursOf(exposure), losses };
  // A rollback's tasks stood there before: they have taught already.
  const past = isProven && !isRollback(live.context) ? withMore(memory.past, shown) : memory.past;
  if (!isLast) return { ...memory, past };
  const { normalExitCodes } = policy;
  const countedUntil = Math.max(endedAt, exposure.countedUntil) as Instant;
  return { ...memory, past, steady: { countedUntil, sameLossUntil: null, normalExitCodes } };
}

/** The memory with what a task shows while no rollout is live; `memory` does not hold it yet. */
export function learnTask({ memory }: ServiceState, event: TaskChanged): ServiceMemory {
  const { steady } = memory;
  const { deployment } = event;
  if (steady === null || deployment === null || hasFailed(memory, event)) return memory;
  const known = markOf(standingTasksOf(memory, deployment) ?? emptyLedger, event.task) !== undefined;
  if (event.stopped !== null) return learnStop(memory, steady, { event, known });
  if (known || event.lastStatus !== 'RUNNING') return memory;
  return withCounts(withHours(memory, steady, event.occurredAt), { starts: 1 });
}

interface Stop {
  readonly event: TaskChanged;
  /** Whether it ran until now, as far as is known. */
  readonly known: boolean;
}

function learnStop(memory: ServiceMemory, steady: SteadyCount, { event, known }: Stop): ServiceMemory {
  const { stopped, startedAt, occurredAt, lastStatus } = event;
  // Several notifications tell of one stop: of a task that never ran, the last one counts.
  const neverRan = !known && startedAt === null && lastStatus === 'STOPPED';
  if (stopped === null || (!known && !neverRan)) return memory;
  const counted = withHours(memory, steady, occurredAt);
  const taskClass = classOfStop(stopped, steady);
  // What a further try mends is not how the service's tasks start.
  if (!isFailure(taskClass) || causeKindOf(stopped, taskClass) === 'transient') return counted;
  if (neverRan) return withCounts(counted, { starts: 1, failedStarts: 1 });
  if (startedAt !== null && occurredAt < secondsAfter(startedAt, settledAfterSeconds)) {
    return withCounts(counted, { failedStarts: 1 });
  }
  if (steady.sameLossUntil !== null && occurredAt <= steady.sameLossUntil) return counted;
  const lost = withCounts(counted, { losses: 1 });
  const sameLossUntil = secondsAfter(occurredAt, sameLossSeconds);
  return lost.steady === null ? lost : { ...lost, steady: { ...lost.steady, sameLossUntil } };
}

function hasFailed({ failed }: ServiceMemory, { deployment }: TaskChanged): boolean {
  return failed.some((other) => other.deployment === deployment);
}

/** The memory with the hours that tasks have run since it was last counted. */
function withHours(memory: ServiceMemory, steady: SteadyCount, at: Instant): ServiceMemory {
  const passed = Math.max(0, at - steady.countedUntil) / hour;
  const taskHours = countTasks(memory.standing.map(({ tasks }) => tasks)) * passed;
  return {
    ...withCounts(memory, { taskHours }),
    steady: { ...steady, countedUntil: Math.max(at, steady.countedUntil) as Instant },
  };
}

function withCounts(memory: ServiceMemory, more: Partial<ServicePast>): ServiceMemory {
  return { ...memory, past: withMore(memory.past, { ...nothing, ...more }) };
}

/**
 * The memory after a change of an alarm. A raise is learnt where no release can be why: while no
 * rollout is followed, or when it is soon over although the release stays.
 */
export function learnAlarm({ memory, rollouts }: ServiceState, event: AlarmChanged): ServiceMemory {
  const { alarmName, state, previousState, occurredAt } = event;
  const known = rememberAlarm(memory, event);
  const followed = rollouts.filter(isFollowed);
  const isRaise = state === 'ALARM' && previousState !== 'ALARM';
  if (isRaise && followed.every(isLeftAlone)) return rememberRaise(known, alarmName, occurredAt);
  const raisedAt = valueAt(memory.alarmsRaisedUntil, alarmName);
  if (state !== 'OK' || previousState !== 'ALARM' || raisedAt === undefined) return known;
  const isShort = occurredAt < secondsAfter(raisedAt, believedAfterSeconds);
  const newest = followed.at(-1);
  const isHarmless =
    newest !== undefined && newest.context.startedAt <= raisedAt && followed.every(staysThere);
  return isShort && isHarmless ? rememberRaise(known, alarmName, raisedAt) : known;
}

/** Whether it has failed and nobody goes back: what comes hours later says little of it. */
function isLeftAlone({ phase, context: { rollback } }: LiveRollout): boolean {
  return phase === 'rollingBack' && rollback?.issuedAt == null && rollback?.deployment == null;
}

/** Whether its tasks stay: it has not failed, or is left alone, and takes nothing back itself. */
function staysThere(live: LiveRollout): boolean {
  return !isRollback(live.context) && (live.phase !== 'rollingBack' || isLeftAlone(live));
}
