import type { RollbackAdopted, RollbackIssued, RollbackRequested } from '../log/decided-events';
import { type Instant, secondsAfter } from '../log/instant';
import type { WayBack } from '../log/way-back';
import type { Phase, Rollback } from './rollout';
import { type ContextChange, isRollback, type RolloutContext } from './rollout-context';
import type { RollbackStarted } from './signals';

/**
 * From a failed verdict on, Rewind wants the service back at the target. What it records of that,
 * and what ECS shows of it, says more later. In observe mode nobody may act: then it is over at
 * the deadline.
 */
export function wantRollback(context: RolloutContext, wayBack: WayBack | null): ContextChange {
  const { verdict, policy, rollback, dueAt } = context;
  if (verdict === null) return {};
  const { reason, at, eventId } = verdict;
  const transitionCause = { reason, at, eventId };
  if (rollback !== null) return { transitionCause, dueAt };
  return {
    transitionCause,
    rollback: wayBack === null ? null : { ...unissued(at), ...revisionOf(wayBack) },
    dueAt: policy.mode === 'observe' ? deadlineAfter(context, at) : null,
  };
}

/** A recorded request says what Rewind is about to do, unless somebody has acted already. */
export function afterRequest({ rollback }: RolloutContext, event: RollbackRequested): ContextChange {
  if (rollback !== null && (rollback.by !== 'rewind' || rollback.issuedAt !== null)) return {};
  return { rollback: { ...unissued(event.requestedAt), ...recordedRevision(event) } };
}

export function afterIssue(context: RolloutContext, event: RollbackIssued): ContextChange {
  const { rollback } = context;
  const { issuedAt, rollbackDeployment } = event;
  return {
    rollback: {
      ...unissued(rollback?.requestedAt ?? issuedAt),
      ...recordedRevision(event),
      issuedAt,
      deployment: rollbackDeployment ?? rollback?.deployment ?? null,
    },
    dueAt: deadlineAfter(context, issuedAt),
  };
}

export function afterAdoption(context: RolloutContext, event: RollbackAdopted): ContextChange {
  const { rollback } = context;
  const { by, target, adoptedAt, rollbackDeployment } = event;
  return {
    rollback: {
      ...unissued(rollback?.requestedAt ?? adoptedAt),
      ...(target === null && rollback !== null ? revisionKnown(rollback) : recordedRevision(event)),
      by,
      issuedAt: adoptedAt,
      deployment: rollbackDeployment ?? rollback?.deployment ?? null,
    },
    dueAt: deadlineAfter(context, adoptedAt),
  };
}

/**
 * What ECS shows of the way back; a rollback is never rolled back, and what follows it is no way
 * back of its own. Who took it stays as Rewind has recorded it, unless an operator
 * goes back to something else over it.
 */
export function followRollback(
  phase: Phase,
  context: RolloutContext,
  signal: RollbackStarted,
): ContextChange {
  const { rollback } = context;
  if (phase !== 'rollingBack' && isRollback(context)) return {};
  const { at, by, deployment, target } = signal;
  if (rollback !== null && rollback.issuedAt !== null) {
    const known = {
      ...rollback,
      deployment: deployment ?? rollback.deployment,
      target: rollback.target ?? target,
    };
    return {
      rollback: isOverBy(signal, rollback) ? { ...known, by, target, ...unknownRevision } : known,
      successor: null,
    };
  }
  const isKnown = rollback !== null && (target === null || target === rollback.target);
  return {
    rollback: {
      ...unissued(at),
      ...(isKnown ? revisionKnown(rollback) : { target, ...unknownRevision }),
      by,
      issuedAt: at,
      deployment,
    },
    dueAt: deadlineAfter(context, at),
    successor: null,
  };
}

function isOverBy({ by, deployment, target }: RollbackStarted, under: Rollback): boolean {
  const isAnother = deployment !== null && under.deployment !== null && deployment !== under.deployment;
  return by === 'operator' && isAnother && target !== null && target !== under.target;
}

const unknownRevision = { serviceRevision: null, images: null };

/** When a rollback has taken too long, beside what ECS's own configuration makes it wait. */
function deadlineAfter({ policy, plannedSeconds }: RolloutContext, at: Instant): Instant {
  return secondsAfter(at, policy.deadlineSeconds + plannedSeconds);
}

function unissued(requestedAt: Instant) {
  return { by: 'rewind', requestedAt, issuedAt: null, completedAt: null, deployment: null } as const;
}

function revisionOf({ taskDefinition, serviceRevision, images }: WayBack) {
  return { target: taskDefinition, serviceRevision, images };
}

function recordedRevision({
  target,
  serviceRevision,
  images,
}: RollbackRequested | RollbackIssued | RollbackAdopted) {
  return { target, serviceRevision: serviceRevision ?? null, images: images ?? null };
}

function revisionKnown({ target, serviceRevision, images }: Rollback) {
  return { target, serviceRevision, images };
}
