import type { RollbackActor, RollbackAdopted } from '../log/decided-events';
import { isOvertaken, type ObservedDeployment, wayBackOf } from '../log/observed-service';
import type { LiveRollout } from '../rollout/live-rollout';
import type { Rollback } from '../rollout/rollout';
import { isEarlierRevision } from '../service/earlier-revisions';
import { safeTargetsOf } from '../service/safe-targets';
import type { ServiceState } from '../service/service-state';
import { type Decision, recordThat } from './decision';
import { concludeRollback, decisionFact, failureOf } from './decision-events';
import type { SituationInView } from './look';

/**
 * Somebody acted since. If it brings the service back, it is adopted; if not, overwriting it would
 * be worse than leaving it.
 */
export function followOthers(
  situation: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment,
): Decision {
  const { state, observed } = situation;
  const isBack = isWayBack(state, live, primary) || isOperatorsWayBack(state, live, primary);
  const { startedAt } = live.context;
  const isOnItsWay = wayBackOf(observed, startedAt) !== null && !isOvertaken(observed, startedAt);
  if (!isOnItsWay && !isBack) {
    const message = `${primary.id} was deployed since`;
    return concludeRollback(state, live, { outcome: 'superseded', message });
  }
  return adopt(situation, live, primary);
}

/**
 * Whether the deployment brings the service back: ECS resumed the deployment of a safe target, or
 * the deployment runs what a safe target runs and the failed rollout does not.
 */
function isWayBack(state: ServiceState, live: LiveRollout, primary: ObservedDeployment): boolean {
  const isOther = primary.taskDefinition !== live.context.taskDefinition;
  return safeTargetsOf(state.memory, live).some(
    ({ deployment, taskDefinition }) =>
      deployment === primary.id || (isOther && taskDefinition === primary.taskDefinition),
  );
}

/**
 * Whether somebody goes back to a revision to which Rewind would not: that is the operator's to
 * choose, and never overwritten.
 */
function isOperatorsWayBack(state: ServiceState, live: LiveRollout, primary: ObservedDeployment): boolean {
  const { id: deployment, taskDefinition } = primary;
  if (deployment === live.context.deployment || isWayBack(state, live, primary)) return false;
  return isEarlierRevision(state.memory, live, { deployment, taskDefinition });
}

/** Records who took the service back: by now it is on its way, or there. */
export function adopt(
  situation: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment | undefined,
): Decision {
  const { state, now } = situation;
  const by = actorOf(situation, live, primary);
  const wayBack = seenWayBack(situation, live, primary);
  const event: RollbackAdopted = {
    ...decisionFact(state, live, { type: 'RollbackAdopted', cause: failureOf(live) }),
    attempt: live.recorded.attempt?.number ?? 0,
    by,
    adoptedAt: now,
    target: wayBack.target,
    rollbackDeployment: wayBack.deployment,
  };
  return recordThat(event, `the service is already on its way back, by ${by}`);
}

/**
 * What the service goes back by. What was deployed over a way back is not that way back: then the
 * events have told of it.
 */
function seenWayBack(
  { state, observed }: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment | undefined,
): Pick<Rollback, 'deployment' | 'target'> {
  const { deployment, startedAt, rollback } = live.context;
  const isPrimary = primary !== undefined && primary.id !== deployment;
  const isBack = isPrimary && (isWayBack(state, live, primary) || isOperatorsWayBack(state, live, primary));
  if (isPrimary && (isBack || !isOvertaken(observed, startedAt))) {
    return { deployment: primary.id, target: primary.taskDefinition };
  }
  return { deployment: rollback?.deployment ?? null, target: rollback?.target ?? observed.lastSuccessful };
}

/**
 * Who took the service back, as ECS shows it. An attempt stands behind a look at ECS that showed
 * nothing yet: a way back seen after it, which ECS did not begin of itself, is taken for what
 * became of that attempt, whose reconciler did not live to tell, unless it leads where Rewind would
 * not go. What ECS does of itself it does inside the service deployment that failed; where it shows
 * none, the events have to do.
 */
function actorOf(
  { state, observed }: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment | undefined,
): RollbackActor {
  const { context, recorded } = live;
  const isOperators = primary !== undefined && isOperatorsWayBack(state, live, primary);
  if (isOperators && isOvertaken(observed, context.startedAt)) return 'operator';
  const inside = wayBackOf(observed, context.startedAt);
  if (inside?.isByEcs) return 'ecs';
  if (recorded.attempt !== null && (!isOperators || inside !== null)) return 'rewind';
  const isSeenByEvents = observed.serviceDeployments.length === 0 && context.rollback?.by === 'ecs';
  return isSeenByEvents ? 'ecs' : 'operator';
}
