import type { Decision, Situation } from './decide';
import { concludeRollback, decisionOn, failureOf, recordThat } from './decisions';
import type { RollbackActor } from './events';
import type { LiveRollout } from './live-rollout';
import { type ObservedDeployment, type ObservedService, wayBackOf } from './observed-service';
import { safeTargetsOf } from './service-state';

/** A situation in which ECS has been looked at. */
export type Looking = Situation & { readonly observed: ObservedService };

/** Somebody acted since. If it brings the service back, it is adopted; if not, overwriting it would be worse than leaving it. */
export function followOthers(situation: Looking, live: LiveRollout, primary: ObservedDeployment): Decision {
  const { state, observed } = situation;
  const isBack = safeTargetsOf(state, live).includes(primary.taskDefinition);
  if (wayBackOf(observed, live.context.startedAt) === null && !isBack) {
    const message = `${primary.id} was deployed since`;
    return concludeRollback(state, live, { outcome: 'superseded', message });
  }
  return adopt(situation, live, primary);
}

/** Records who took the service back: by now it is on its way, or there. */
export function adopt(
  situation: Looking,
  live: LiveRollout,
  primary: ObservedDeployment | undefined,
): Decision {
  const { state, observed, now } = situation;
  const by = actorOf(situation, live, primary);
  const wayBack = primary?.id === live.context.deployment ? undefined : primary;
  const event = decisionOn<'RollbackAdopted'>(state, live, {
    type: 'RollbackAdopted',
    cause: failureOf(live),
    attempt: live.recorded.attempt?.number ?? 0,
    by,
    adoptedAt: now,
    target: wayBack?.taskDefinition ?? observed.lastSuccessful,
    rollbackDeployment: wayBack?.id ?? null,
  });
  return recordThat(event, `the service is already on its way back, by ${by}`);
}

/**
 * Who took the service back, as ECS shows it. An attempt stands behind a look at ECS that showed nothing yet: a way back seen
 * after it, which ECS did not begin of itself, is taken for what became of that attempt, whose reconciler did not live to tell.
 */
function actorOf(
  { state, observed }: Looking,
  live: LiveRollout,
  primary: ObservedDeployment | undefined,
): RollbackActor {
  const wayBack = wayBackOf(observed, live.context.startedAt);
  if (wayBack?.isByEcs) return 'ecs';
  if (live.recorded.attempt !== null) return 'rewind';
  // Somebody may have stopped the service deployment by hand: only ECS's own monitors make ECS go back of itself.
  const isElse = primary !== undefined && primary.id !== live.context.deployment;
  const isAgain = wayBack === null && isElse && state.memory.started.includes(primary.id);
  return isAgain ? 'ecs' : 'operator';
}
