import { shortTaskDefinition, type TaskDefinitionArn } from '../log/identifiers';
import { formatInstant, type Instant, secondsAfter } from '../log/instant';
import { invariant } from '../log/invariant';
import { wayBackOf } from '../log/observed-service';
import type { LiveRollout } from '../rollout/live-rollout';
import type { Attempt } from '../rollout/rollout';
import { safeTargetsOf } from '../service/service-state';
import type { Decision, Situation } from './decide';
import { adopt, followOthers, type Looking } from './decide-adoption';
import {
  concludeRollback,
  concludeWithoutTarget,
  decisionOn,
  failureOf,
  type RecordDecision,
  recordThat,
} from './decision-events';
import { hasTimeToAct, isHeldByAnother, isOwn, leaseSeconds } from './rollback-lease';

/** An hour at least, a lease each. */
const attemptsAtMost = 60;
const budgetSeconds = 86_400;

type Moment = Pick<Situation, 'owner' | 'now'>;

/**
 * Whether the next step of the rollout's rollback depends on what ECS shows: from the record of the
 * verdict, which needs nobody's consent, until it is under way, and nobody else acts.
 */
export function awaitsEcs(live: LiveRollout, moment: Moment): boolean {
  const { phase, recorded } = live;
  if (isHeldByAnother(recorded.attempt, moment)) return false;
  return (phase === 'rollingBack' && recorded.verdict && !isUnderWay(live)) || isUntold(live);
}

/**
 * Whether the service is back, and nobody has told what became of Rewind's own attempt: its
 * reconciler may have died over it.
 */
export function isUntold({ context, recorded }: LiveRollout): boolean {
  return context.outcome === 'rolledBack' && recorded.attempt?.outcome === 'pending';
}

/** What is to be told of the attempt before the rollout is concluded. */
export function decideUntold({ observed, ...rest }: Situation, live: LiveRollout): Decision {
  const { attempt } = live.recorded;
  if (isHeldByAnother(attempt, rest)) return heldByAnother(attempt);
  invariant(observed !== null, 'what became of an attempt is told with ECS in view');
  return adopt({ ...rest, observed }, live, observed.deployments[0]);
}

function heldByAnother({ number, leaseUntil }: Attempt): Decision {
  return { action: 'wait', until: leaseUntil, because: `attempt ${number} belongs to another reconciler` };
}

/**
 * The next step of taking a failed rollout back: look at what ECS already does, then request, then
 * call. Pure.
 */
export function decideRollback({ observed, ...rest }: Situation, live: LiveRollout): Decision {
  const { rollback, deployment, startedAt, dueAt, policy } = live.context;
  const { attempt } = live.recorded;
  if (isUnderWay(live)) {
    return { action: 'wait', until: dueAt, because: `the way back, by ${rollback?.by}, is under way` };
  }
  if (isHeldByAnother(attempt, rest)) return heldByAnother(attempt);
  invariant(observed !== null, 'a rollback is decided with ECS in view');
  const situation: Looking = { ...rest, observed };
  if (!observed.exists) {
    return concludeRollback(rest.state, live, { outcome: 'abandoned', message: 'the service is gone' });
  }
  const primary = observed.deployments[0];
  if (primary !== undefined && (primary.id !== deployment || wayBackOf(observed, startedAt) !== null)) {
    return followOthers(situation, live, primary);
  }
  if (isHearsay(live) && primary?.rolloutState !== 'FAILED') {
    return {
      action: 'wait',
      until: dueAt,
      because: 'it was told that somebody takes it back, and ECS shows nothing of it',
    };
  }
  if (policy.mode === 'observe') return onlyTell(situation, live);
  return request(situation, live);
}

/**
 * Whether what became of the rollback stands in the log; until then, what the events show may be
 * Rewind's own doing.
 */
function isUnderWay({ context: { rollback }, recorded }: LiveRollout): boolean {
  return rollback !== null && rollback.issuedAt !== null && (rollback.by === 'rewind' || recorded.adopted);
}

/**
 * Whether all that speaks against the rollout is that somebody was told to take it back. Where ECS
 * does not show that either, the notification may have been a stray: a rollback of a healthy
 * deployment would be worse than waiting for what comes next.
 */
function isHearsay({ context: { verdict, rollback } }: LiveRollout): boolean {
  const isOnlyTold = verdict?.reason === 'NativeFailure' || verdict?.reason === 'Operator';
  return isOnlyTold && rollback !== null && rollback.issuedAt !== null && rollback.by !== 'rewind';
}

function onlyTell({ state }: Looking, live: LiveRollout): Decision {
  const target = safeTargetsOf(state, live)[0];
  const would = target === undefined ? 'found no safe target' : `gone back to ${shortTaskDefinition(target)}`;
  const because = `observe mode: Rewind would have ${would}`;
  return { action: 'wait', until: live.context.dueAt, because };
}

function request(situation: Looking, live: LiveRollout): Decision {
  const { state, observed, now, owner } = situation;
  const { attempt } = live.recorded;
  const target = safeTargetsOf(state, live).find((candidate) => observed.active.includes(candidate));
  if (target === undefined) {
    return recordThat(concludeWithoutTarget(state, live), 'no proven task definition is ACTIVE');
  }
  const refusal = refusalOf(situation, live);
  if (refusal !== null) return reject(situation, live, refusal);
  if (hasTimeToAct(attempt, situation)) return rollBack(situation, live, target);
  if (attempt !== null && isOwn(attempt, situation)) {
    const because = `too little is left of the lease of attempt ${attempt.number}`;
    return { action: 'wait', until: attempt.leaseUntil, because };
  }
  const event = decisionOn<'RollbackRequested'>(state, live, {
    type: 'RollbackRequested',
    cause: failureOf(live),
    attempt: (attempt?.number ?? 0) + 1,
    owner,
    requestedAt: now,
    leaseUntil: secondsAfter(now, leaseSeconds),
    target,
  });
  return recordThat(event, `${live.context.verdict?.message}; back to ${shortTaskDefinition(target)}`);
}

/** Why Rewind must not call ECS; null when it may. */
function refusalOf({ state, observed, now }: Looking, { context, recorded }: LiveRollout) {
  if (observed.controller !== 'ECS') {
    return { reason: 'UnsupportedController', message: `the service is deployed by ${observed.controller}` };
  }
  const frozenUntil = endOfFreeze(state.memory.rollbacksIssuedAt, context.policy.rollbackBudget, now);
  if (frozenUntil !== null) {
    const message = `${context.policy.rollbackBudget} rollbacks are allowed in 24 hours: the service is frozen until ${frozenUntil}`;
    return { reason: 'BudgetSpent', message };
  }
  if ((recorded.attempt?.number ?? 0) >= attemptsAtMost && now >= (recorded.attempt?.leaseUntil ?? now)) {
    return { reason: 'AttemptsSpent', message: `${attemptsAtMost} attempts did not get an answer from ECS` };
  }
  return null;
}

/** When the service may be rolled back again, for people; null when it may be now. */
function endOfFreeze(rollbacksAt: readonly Instant[], budget: number, now: Instant): string | null {
  if (budget === 0) return 'the policy allows one';
  const recent = rollbacksAt.filter((at) => secondsAfter(at, budgetSeconds) > now).sort((a, b) => b - a);
  const freeing = recent[budget - 1];
  return freeing === undefined ? null : formatInstant(secondsAfter(freeing, budgetSeconds));
}

/**
 * While ECS calls the deployment in progress, stopping it restores the whole service revision; but
 * ECS goes to its own last successful one, which may have failed its bake here. Then, and after
 * completion, the target is deployed by name.
 */
function rollBack({ observed }: Looking, live: LiveRollout, target: TaskDefinitionArn): Decision {
  const { deployment, startedAt } = live.context;
  const isInProgress =
    observed.inProgress !== null && observed.deployments[0]?.rolloutState === 'IN_PROGRESS';
  const method =
    isInProgress && observed.lastSuccessful === target ? 'StopServiceDeployment' : 'UpdateService';
  const attempt = live.recorded.attempt?.number ?? 1;
  const because = `${live.context.verdict?.message}; ${method} to ${shortTaskDefinition(target)}`;
  return { action: 'rollBack', rollout: { deployment, startedAt }, method, target, attempt, because };
}

/** The refusal of ECS, or of Rewind itself, to roll back: final, and told. */
export function reject(
  { state, now }: Pick<Situation, 'state' | 'now'>,
  live: LiveRollout,
  refusal: { readonly reason: string; readonly message: string },
): RecordDecision {
  const event = decisionOn<'RollbackRejected'>(state, live, {
    type: 'RollbackRejected',
    cause: failureOf(live),
    attempt: live.recorded.attempt?.number ?? 0,
    rejectedAt: now,
    ...refusal,
  });
  return recordThat(event, `${refusal.reason}: ${refusal.message}`);
}
