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
  const by = actorOf(situation, live);
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
 * What ECS does of itself it does inside the service deployment that failed; where it shows none, the events have to do.
 */
function actorOf({ observed }: Looking, { context, recorded }: LiveRollout): RollbackActor {
  if (wayBackOf(observed, context.startedAt)?.isByEcs) return 'ecs';
  if (recorded.attempt !== null) return 'rewind';
  const isSeenByEvents = observed.serviceDeployments.length === 0 && context.rollback?.by === 'ecs';
  return isSeenByEvents ? 'ecs' : 'operator';
}
