import type { RollbackAdopted, RollbackIssued, RollbackRequested } from '../log/decided-events';
import type { TaskDefinitionArn } from '../log/identifiers';
import { type Instant, secondsAfter } from '../log/instant';
import type { Rollback } from './rollout';
import type { ContextChange, RolloutContext } from './rollout-context';
import type { RollbackStarted } from './signals';

/**
 * From a failed verdict on, Rewind wants the service back at the target. What it records of that,
 * and what ECS shows of it, says more later. In observe mode nobody may act: then it is over at
 * the deadline.
 */
export function wantRollback(
  { verdict, policy, rollback, dueAt }: RolloutContext,
  target: TaskDefinitionArn | null,
): ContextChange {
  if (verdict === null) return {};
  const { reason, at, eventId } = verdict;
  const transitionCause = { reason, at, eventId };
  if (rollback !== null) return { transitionCause, dueAt };
  return {
    transitionCause,
    rollback: target === null ? null : wanted(target, at),
    dueAt: policy.mode === 'observe' ? secondsAfter(at, policy.deadlineSeconds) : null,
  };
}

/** A recorded request says what Rewind is about to do, unless somebody has acted already. */
export function afterRequest({ rollback }: RolloutContext, event: RollbackRequested): ContextChange {
  if (rollback !== null && (rollback.by !== 'rewind' || rollback.issuedAt !== null)) return {};
  return { rollback: wanted(event.target, event.requestedAt) };
}

function wanted(target: TaskDefinitionArn, requestedAt: Instant): Rollback {
  return { by: 'rewind', target, requestedAt, issuedAt: null, completedAt: null, deployment: null };
}

export function afterIssue({ rollback, policy }: RolloutContext, event: RollbackIssued): ContextChange {
  const { target, issuedAt, rollbackDeployment } = event;
  return {
    rollback: {
      by: 'rewind',
      target,
      requestedAt: rollback?.requestedAt ?? issuedAt,
      issuedAt,
      completedAt: null,
      deployment: rollbackDeployment ?? rollback?.deployment ?? null,
    },
    dueAt: secondsAfter(issuedAt, policy.deadlineSeconds),
  };
}

export function afterAdoption({ rollback, policy }: RolloutContext, event: RollbackAdopted): ContextChange {
  const { by, target, adoptedAt, rollbackDeployment } = event;
  return {
    rollback: {
      by,
      target: target ?? rollback?.target ?? null,
      requestedAt: rollback?.requestedAt ?? adoptedAt,
      issuedAt: adoptedAt,
      completedAt: null,
      deployment: rollbackDeployment ?? rollback?.deployment ?? null,
    },
    dueAt: secondsAfter(adoptedAt, policy.deadlineSeconds),
  };
}

/** What ECS shows of the way back. Who took it stays as Rewind has recorded it. */
export function followRollback({ rollback, policy }: RolloutContext, signal: RollbackStarted): ContextChange {
  const { at, by, deployment, target } = signal;
  if (rollback !== null && rollback.issuedAt !== null) {
    const known = {
      ...rollback,
      deployment: deployment ?? rollback.deployment,
      target: rollback.target ?? target,
    };
    return { rollback: known, successor: null };
  }
  return {
    rollback: {
      by,
      target: target ?? rollback?.target ?? null,
      requestedAt: at,
      issuedAt: at,
      completedAt: null,
      deployment,
    },
    dueAt: secondsAfter(at, policy.deadlineSeconds),
    successor: null,
  };
}
