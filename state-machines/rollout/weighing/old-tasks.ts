import type { ServicePast } from '../../log/foundation/service-past';
import type { TaskDefinitionArn } from '../../log/identifiers';
import { type Instant, secondsAfter } from '../../log/instant';
import type { Policy } from '../../log/policy';
import { isFailure, isReplaced } from '../../log/stopped-task';
import { classOfStop } from '../evidence';
import type { OldTaskStopped } from '../signals';
import { usualLossRate } from './likelihood';

/** What the tasks show that ran before the rollout, while it is judged. */
export interface OldTasks {
  /** How many run, as far as is known. */
  readonly running: number;
  /** Of them, those that were lost: a class that counts, and losses that are one event once. */
  readonly lost: number;
  readonly firstLostAt: Instant | null;
  readonly sameLossUntil: Instant | null;
  /** The hours that they can have run, up to the last loss. */
  readonly taskHours: number;
}

export function oldTasksOf(running: number): OldTasks {
  return { running, lost: 0, firstLostAt: null, sameLossUntil: null, taskHours: 0 };
}

const sameLossSeconds = 10;
const hour = 3_600_000;

/** The old tasks after one of them was lost, in a rollout that started then. */
function withOldLoss(
  old: OldTasks,
  { at, startedAt }: { readonly at: Instant; readonly startedAt: Instant },
): OldTasks {
  const { running, lost, firstLostAt, sameLossUntil, taskHours } = old;
  const isSame = sameLossUntil !== null && at <= sameLossUntil;
  return {
    running: Math.max(0, running - 1),
    lost: isSame ? lost : lost + 1,
    firstLostAt: firstLostAt ?? at,
    sameLossUntil: isSame ? sameLossUntil : secondsAfter(at, sameLossSeconds),
    taskHours: Math.max(taskHours, (running * Math.max(0, at - startedAt)) / hour),
  };
}

/**
 * Whether the old tasks are lost as never before: by the service's past, so many losses in their
 * hours have a chance of less than one in twenty.
 */
export function areLostAsNeverBefore({ lost, taskHours }: OldTasks, past: ServicePast): boolean {
  if (lost === 0) return false;
  const expected = usualLossRate(past) * taskHours;
  let chance = 1;
  for (let loss = 1; loss <= Math.min(lost, lossesLookedAt); loss += 1) chance *= expected / loss;
  return chance < 0.05;
}

const lossesLookedAt = 50;

interface JudgedRollout {
  readonly oldTasks: OldTasks;
  readonly policy: Policy;
  readonly startedAt: Instant;
  /** Null while nothing told it. */
  readonly taskDefinition: TaskDefinitionArn | null;
}

/** A task that ran before the rollout has stopped, replaced or lost. */
export function afterOldStop(context: JudgedRollout, stop: OldTaskStopped): OldTasks {
  const { oldTasks, policy, startedAt } = context;
  const { stopped } = stop.event;
  const isLost = stopped !== null && !isReplaced(stopped) && isFailure(classOfStop(stopped, policy));
  if (isLost && mayBeInnocent(context, stop)) return withOldLoss(oldTasks, { at: stop.at, startedAt });
  return { ...oldTasks, running: Math.max(0, oldTasks.running - 1) };
}

/**
 * Whether an old task's loss may have a cause that the release has not: not where it runs what has
 * failed here, or the release itself, before anybody has judged that.
 */
function mayBeInnocent({ taskDefinition }: JudgedRollout, { event, judged }: OldTaskStopped): boolean {
  return judged === null ? event.taskDefinition !== taskDefinition : judged === 'passed';
}
