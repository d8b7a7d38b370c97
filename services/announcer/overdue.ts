import type { DeadlineElapsed } from '../../state-machines/log/decided-events';
import { formatInstant, type Instant } from '../../state-machines/log/instant';
import { toldAgainAt } from '../../state-machines/rollout/progress';
import type { Rollout } from '../../state-machines/rollout/rollout';
import type { Detail } from './announcement-schema';
import type { AnnouncementText } from './announcement-text';
import { commonDetailOf } from './common-detail';
import { type DecisionInContext, releaseName, rolloutName } from './decision-in-context';

/**
 * What is told of a watched rollout whose deadline has passed. Null for a deadline that is not the
 * rollout's own, or that ends its way back.
 */
export function overdueDetail(
  decision: DecisionInContext<DeadlineElapsed>,
): Detail<'Rewind Rollout Overdue'> | null {
  const { event, rollout, wait } = decision;
  if (rollout === null || rollout.phase !== 'watching') return null;
  if (rollout.dueAt === null || event.occurredAt < rollout.dueAt) return null;
  const nextAt = toldAgainAt(event.occurredAt);
  const { running, impairments } = rollout.evidence;
  return {
    ...commonDetailOf(decision, overdueText(decision, rollout, nextAt)),
    overdue: {
      at: formatInstant(event.occurredAt),
      deadlineSeconds: rollout.policy.deadlineSeconds,
      plannedSeconds: wait.plannedSeconds,
      running,
      impairments,
      hooks: [...wait.hooks],
      nextAt: formatInstant(nextAt),
    },
  };
}

/** What the rollout waits for, that it has not failed, and when this is told again. */
function overdueText(
  decision: DecisionInContext<DeadlineElapsed>,
  rollout: Rollout,
  nextAt: Instant,
): AnnouncementText {
  const since = formatInstant(rollout.startedAt);
  const seen = [tasksSeen(rollout), ...troubleSeen(rollout), ...plansOfEcs(decision)];
  return {
    headline: `${releaseName(decision)} is not complete yet`,
    what: `${rolloutName(decision)} has not completed since ${since}: ${seen.join('; ')}. It has not failed: ${failuresSeen(rollout)}.`,
    done: `Rewind goes on watching, because time alone is no failure. If it is still not complete, this is told again at ${formatInstant(nextAt)}.`,
  };
}

function tasksSeen({ evidence: { started, running } }: Rollout): string {
  return started === 0 ? 'no task of it has started' : `${running} of ${started} started tasks run`;
}

function failuresSeen({ evidence: { failed } }: Rollout): string {
  return failed === 0 ? 'no task of it failed' : `${failed} failed, which is not held against it so far`;
}

function troubleSeen({ evidence: { byClass, impairments } }: Rollout): string[] {
  const { capacity = 0, platform = 0 } = byClass;
  const reported = Object.entries(impairments).map(([name, times]) => `${name} (${times} ×)`);
  return [
    ...(capacity === 0 ? [] : [`tasks that stopped for want of capacity: ${capacity}`]),
    ...(platform === 0 ? [] : [`tasks that the platform stopped: ${platform}`]),
    ...(reported.length === 0 ? [] : [`ECS reported ${reported.join(', ')}`]),
  ];
}

function plansOfEcs({ wait: { hooks, plannedSeconds } }: DecisionInContext): string[] {
  const waits = hooks.length === 0 ? [] : [`hooks that wait for an answer: ${hooks.join(', ')}`];
  const minutes = Math.round(plannedSeconds / 60);
  return minutes === 0 ? waits : [...waits, `ECS itself has planned to wait ${minutes} minutes of that`];
}
