import type { ServicePast } from '../../log/foundation/service-past';
import { type Instant, secondsAfter } from '../../log/instant';
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
export function withOldLoss(
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
