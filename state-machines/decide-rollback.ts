import type { Decision, Situation } from './decide';
import {
  concludeWithoutTarget,
  type DecisionCause,
  decisionOn,
  type RecordDecision,
  recordThat,
} from './decisions';
import type { Outcome, RollbackActor } from './events';
import { secondsAfter, shortTaskDefinition, type TaskDefinitionArn } from './identifiers';
import { invariant } from './invariant';
import type { LiveRollout } from './live-rollout';
import type { ObservedDeployment, ObservedService } from './observed-service';
import { safeTargetsOf } from './service-state';

/** How long a request keeps everybody else from acting: longer than one call to ECS with its retries may take. */
export const leaseSeconds = 60;
const attemptsAtMost = 9;
const budgetSeconds = 86_400;

type Looking = Situation & { readonly observed: ObservedService };

/** The next step of taking a failed rollout back: look at what ECS already does, then request, then call. Pure. */
export function decideRollback({ observed, ...rest }: Situation, live: LiveRollout): Decision {
  const { rollback, deployment, dueAt } = live.context;
  if (rollback !== null && rollback.issuedAt !== null) {
    if (rollback.by !== 'rewind' && !live.recorded.adopted) {
      return adopt(rest, live, {
        by: rollback.by,
        deployment: rollback.deployment,
        target: rollback.target,
      });
    }
    return { action: 'wait', until: dueAt, because: `the way back, by ${rollback.by}, is under way` };
  }
  invariant(observed !== null, 'a rollback is decided with ECS in view');
  const situation: Looking = { ...rest, observed };
  if (!observed.exists)
    return conclude(situation, live, { outcome: 'abandoned', message: 'the service is gone' });
  const primary = observed.deployments[0];
  const startedAt = observed.inProgress?.rollbackStartedAt ?? null;
  if (primary !== undefined && (primary.id !== deployment || startedAt !== null)) {
    return followPrimary(situation, live, primary);
  }
  if (live.context.policy.mode === 'observe') {
    const target = safeTargetsOf(rest.state, live)[0];
    const would =
      target === undefined ? 'found no safe target' : `gone back to ${shortTaskDefinition(target)}`;
    return { action: 'wait', until: dueAt, because: `observe mode: Rewind would have ${would}` };
  }
  return request(situation, live);
}

/** Somebody acted since. If it brings the service back, it is adopted; if not, overwriting it would be worse than leaving it. */
function followPrimary(situation: Looking, live: LiveRollout, primary: ObservedDeployment): Decision {
  const { state, observed } = situation;
  const { attempt } = live.recorded;
  const rollbackStartedAt = observed.inProgress?.rollbackStartedAt ?? null;
  const isAgain = state.memory.started.includes(primary.id);
  const isBack = safeTargetsOf(state, live).includes(primary.taskDefinition);
  if (rollbackStartedAt === null && !isBack) {
    return conclude(situation, live, { outcome: 'superseded', message: `${primary.id} was deployed since` });
  }
  const begunAt = rollbackStartedAt ?? primary.createdAt;
  const isOurs = attempt !== null && begunAt >= attempt.requestedAt;
  const by: RollbackActor = isOurs ? 'rewind' : rollbackStartedAt !== null || isAgain ? 'ecs' : 'operator';
  const isNamed = primary.id !== live.context.deployment;
  return adopt(situation, live, {
    by,
    deployment: isNamed ? primary.id : null,
    target: isNamed ? primary.taskDefinition : observed.lastSuccessful,
  });
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
  if (attempt !== null && attempt.outcome === 'pending' && now < attempt.leaseUntil) {
    if (attempt.owner === owner) return rollBack(situation, live, target);
    return {
      action: 'wait',
      until: attempt.leaseUntil,
      because: `attempt ${attempt.number} belongs to another reconciler`,
    };
  }
  const event = decisionOn<'RollbackRequested'>(state, live, {
    type: 'RollbackRequested',
    cause: causeOf(live),
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
  const { rollbackBudget } = context.policy;
  const recent = state.memory.rollbacksIssuedAt.filter((at) => secondsAfter(at, budgetSeconds) > now);
  if (observed.controller !== 'ECS') {
    return { reason: 'UnsupportedController', message: `the service is deployed by ${observed.controller}` };
  }
  if (recent.length >= rollbackBudget) {
    return {
      reason: 'BudgetSpent',
      message: `${recent.length} rollbacks in 24 hours, ${rollbackBudget} allowed`,
    };
  }
  if ((recorded.attempt?.number ?? 0) >= attemptsAtMost && now >= (recorded.attempt?.leaseUntil ?? now)) {
    return { reason: 'AttemptsSpent', message: `${attemptsAtMost} attempts did not get an answer from ECS` };
  }
  return null;
}

/**
 * While ECS calls the deployment in progress, stopping it restores the whole service revision; but ECS goes to its own last
 * successful one, which may have failed its bake here. Then, and after completion, the target is deployed by name.
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

interface Adoption {
  readonly by: RollbackActor;
  readonly deployment: ObservedDeployment['id'] | null;
  readonly target: TaskDefinitionArn | null;
}

function adopt(
  { state, now }: Pick<Situation, 'state' | 'now'>,
  live: LiveRollout,
  { by, deployment, target }: Adoption,
): Decision {
  const event = decisionOn<'RollbackAdopted'>(state, live, {
    type: 'RollbackAdopted',
    cause: causeOf(live),
    attempt: live.recorded.attempt?.number ?? 0,
    by,
    adoptedAt: now,
    target,
    rollbackDeployment: deployment,
  });
  return recordThat(event, `the service is already on its way back, by ${by}`);
}

/** The refusal of ECS, or of Rewind itself, to roll back: final, and told. */
export function reject(
  { state, now }: Pick<Situation, 'state' | 'now'>,
  live: LiveRollout,
  refusal: { readonly reason: string; readonly message: string },
): RecordDecision {
  const event = decisionOn<'RollbackRejected'>(state, live, {
    type: 'RollbackRejected',
    cause: causeOf(live),
    attempt: live.recorded.attempt?.number ?? 0,
    rejectedAt: now,
    ...refusal,
  });
  return recordThat(event, `${refusal.reason}: ${refusal.message}`);
}

function conclude(
  { state }: Situation,
  live: LiveRollout,
  { outcome, message }: { readonly outcome: Outcome; readonly message: string },
): Decision {
  const cause = causeOf(live);
  const event = decisionOn<'RolloutConcluded'>(state, live, {
    type: 'RolloutConcluded',
    cause,
    outcome,
    reason: outcome === 'superseded' ? 'Superseded' : 'Operator',
    eventId: cause.eventId,
    message,
  });
  return recordThat(event, message);
}

function causeOf({ context }: LiveRollout): DecisionCause {
  const { verdict, because } = context;
  return verdict === null ? because : { eventId: verdict.eventId, at: verdict.at };
}
