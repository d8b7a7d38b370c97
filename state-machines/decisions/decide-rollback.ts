import type { RollbackRequested } from '../log/decided-events';
import { shortTaskDefinition } from '../log/identifiers';
import { formatInstant, type Instant, secondsAfter } from '../log/instant';
import { isOvertaken, wayBackOf } from '../log/observed-service';
import type { LiveRollout } from '../rollout/live-rollout';
import type { Attempt } from '../rollout/rollout';
import { describeFreeze, freezeOf } from '../service/operator/freeze';
import { safeTargetsOf } from '../service/way-back/safe-targets';
import { type ChosenWay, chooseWay, hindranceOf } from './choose-way';
import { adopt, followOthers } from './decide-adoption';
import { type CallEcs, type Decision, recordThat, type Wait } from './decision';
import {
  concludeRollback,
  concludeWithoutTarget,
  nextAttempt,
  recordedTarget,
  reject,
} from './decision-events';
import { holdOpenGate, refuseOpenGate } from './gates/failed-gate';
import { type SituationInView, withServiceInView } from './look';
import { hasTimeToAct, isHeldByAnother, isOwn, isRunning, leaseSeconds } from './rollback-lease';
import { isUnconfirmedByEcs, isUnderWay } from './rollback-progress';
import type { Situation } from './situation';

/** An hour at least, a lease each. */
const attemptsAtMost = 60;
const budgetSeconds = 86_400;
/** How long ECS may take to show in one answer what another one has shown. */
const showingSeconds = 10;

/** What is to be said of the attempt before the rollout is concluded. */
export function reportAttempt(situation: Situation, live: LiveRollout): Decision {
  const { attempt } = live.recorded;
  if (isHeldByAnother(attempt, situation)) return waitForAnother(attempt);
  return withServiceInView(situation, (inView) => adopt(inView, live, inView.observed.deployments[0]));
}

/** Whoever holds an attempt may yet tell what became of it; null where nobody holds one. */
export function waitForAttempt(situation: Situation, { recorded: { attempt } }: LiveRollout): Wait | null {
  return isHeldByAnother(attempt, situation) ? waitForAnother(attempt) : null;
}

function waitForAnother({ number, leaseUntil }: Attempt): Wait {
  return { action: 'wait', until: leaseUntil, because: `attempt ${number} belongs to another reconciler` };
}

/**
 * The next step of taking a failed rollout back: look at what ECS does already, then request, then
 * call. Pure.
 */
export function decideRollback(situation: Situation, live: LiveRollout): Decision {
  const { rollback, dueAt } = live.context;
  const { attempt } = live.recorded;
  if (isUnderWay(live)) {
    return { action: 'wait', until: dueAt, because: `the way back, by ${rollback?.by}, is under way` };
  }
  if (isHeldByAnother(attempt, situation)) return waitForAnother(attempt);
  const earlier = earlierAttempt(situation, live);
  if (earlier !== null) {
    const because = 'it may be the way back of an earlier rollout, which is still under way';
    return { action: 'wait', until: earlier.leaseUntil, because };
  }
  return withServiceInView(situation, (inView) => decideInView(inView, live));
}

/**
 * The attempt of a rollout before this one of which nobody has told yet what it did. Its process
 * may have called ECS and died: then this rollout is that way back, and never taken back.
 */
function earlierAttempt({ state: { rollouts }, now }: Situation, live: LiveRollout): Attempt | null {
  const attempts = rollouts.slice(0, rollouts.indexOf(live)).map(({ recorded }) => recorded.attempt);
  return attempts.find((attempt) => isRunning(attempt, now)) ?? null;
}

function decideInView(situation: SituationInView, live: LiveRollout): Decision {
  const { observed } = situation;
  const { deployment, startedAt, dueAt, policy } = live.context;
  if (!observed.exists) {
    return concludeRollback(situation, live, { outcome: 'abandoned', message: 'the service is gone' });
  }
  const primary = observed.deployments[0];
  if (primary !== undefined && (primary.id !== deployment || wayBackOf(observed, startedAt) !== null)) {
    return followOthers(situation, live, primary);
  }
  if (isUnconfirmedByEcs(live) && primary?.rolloutState !== 'FAILED') {
    const because = 'it was reported that somebody takes it back, and ECS shows nothing of it';
    return { action: 'wait', until: dueAt, because };
  }
  if (policy.mode === 'observe') return sayWhatWouldBe(situation, live);
  if (isOvertaken(observed, startedAt)) return followNewer(situation, live);
  const { observesBecause } = situation;
  // The policy holds from start to end, but for this: whoever says hands off is heard at once.
  if (observesBecause !== null) return { action: 'retry', because: `held: ${observesBecause}`, why: 'held' };
  return request(situation, live);
}

/**
 * ECS has begun something newer, and the service works towards the rollout's own deployment all the
 * same: the newer one does not show yet, or is over, and ECS has gone back. Then that is another
 * rollout of the same deployment, which nobody has judged.
 */
function followNewer(situation: SituationInView, live: LiveRollout): Decision {
  if (situation.observed.inProgress === null) {
    const message = `ECS has gone back to ${live.context.deployment} from something newer since`;
    return concludeRollback(situation, live, { outcome: 'superseded', message });
  }
  const until = secondsAfter(situation.now, showingSeconds);
  return { action: 'wait', until, because: 'ECS works on something newer, and does not show it yet' };
}

function sayWhatWouldBe({ state }: SituationInView, live: LiveRollout): Wait {
  const target = safeTargetsOf(state.memory, live)[0];
  const would =
    target === undefined
      ? 'found no safe target'
      : `gone back to ${shortTaskDefinition(target.taskDefinition)}`;
  return { action: 'wait', until: live.context.dueAt, because: `observe mode: Rewind would have ${would}` };
}

function request(situation: SituationInView, live: LiveRollout): Decision {
  const { attempt } = live.recorded;
  const way = chooseWay(situation, live);
  if (way === null) {
    const hindrance = hindranceOf(situation, live);
    const held = holdOpenGate(situation, live, hindrance ?? 'there is nowhere to go back to');
    if (held !== null) return held;
    return recordThat(concludeWithoutTarget(situation.state, live, hindrance), hindrance ?? 'no way back');
  }
  const refusal = refusalOf(situation, live);
  if (refusal !== null) return reject(situation, live, refusal);
  if (hasTimeToAct(attempt, situation) && isAsRequested(attempt, way)) return callFor(live, way);
  if (attempt !== null && isOwn(attempt, situation)) {
    const because = `attempt ${attempt.number} was for another way back, or leaves too little of its lease`;
    return { action: 'wait', until: attempt.leaseUntil, because };
  }
  return beginAttempt(situation, live, way);
}

/** An attempt that is held is not begun: it would run out and leave its number behind. */
function beginAttempt(
  situation: SituationInView,
  live: LiveRollout,
  { wayBack, byCopy }: ChosenWay,
): Decision {
  const { state, now, owner, caller, seen } = situation;
  if (seen.killSwitch === null) return { action: 'look', at: 'killSwitch' };
  const { heldBecause } = seen.killSwitch;
  if (heldBecause !== null) return { action: 'retry', because: `held: ${heldBecause}`, why: 'held' };
  const refusedGate = refuseOpenGate(situation, live);
  if (refusedGate !== null) return refusedGate;
  const event: RollbackRequested = {
    ...nextAttempt(state, live),
    owner,
    requestedAt: now,
    leaseUntil: secondsAfter(now, leaseSeconds),
    ...recordedTarget(wayBack),
    ...(byCopy ? { byCopy } : {}),
    ...(caller === null ? {} : { caller }),
  };
  return recordThat(
    event,
    `${live.context.verdict?.message}; back to ${shortTaskDefinition(wayBack.taskDefinition)}`,
  );
}

/** Why Rewind must not call ECS; null when it may. */
function refusalOf({ state, observed, now }: SituationInView, { context, recorded }: LiveRollout) {
  if (observed.controller !== 'ECS') {
    return { reason: 'UnsupportedController', message: `the service is deployed by ${observed.controller}` };
  }
  const freeze = freezeOf(state.memory, 'rollbacks', now);
  if (freeze !== null) return { reason: 'Frozen', message: describeFreeze(freeze) };
  const { rollbackBudget } = context.policy;
  const frozenUntil = endOfFreeze(state.memory.rollbacksIssuedAt, rollbackBudget, now);
  if (frozenUntil !== null) {
    const message = `${rollbackBudget} rollbacks are allowed in 24 hours: the service is frozen until ${frozenUntil}`;
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

/** That a copy is to run was said when it was requested: by that, others know the copy. */
function isAsRequested(attempt: Attempt | null, { byCopy }: ChosenWay): boolean {
  return !byCopy || attempt?.byCopy === true;
}

function callFor(live: LiveRollout, way: ChosenWay): CallEcs {
  const { deployment, startedAt, verdict } = live.context;
  const attempt = live.recorded.attempt?.number ?? 1;
  const target = shortTaskDefinition(way.wayBack.taskDefinition);
  const because = `${verdict?.message}; ${way.method} to ${way.byCopy ? 'a copy of ' : ''}${target}`;
  return { action: 'rollBack', rollout: { deployment, startedAt }, ...way, attempt, because };
}
