import type { RollbackActor, RollbackAdopted } from '../log/decided-events';
import { isOfSameFamily } from '../log/identifiers';
import {
  inFull,
  isOvertaken,
  type ObservedDeployment,
  type ObservedService,
  wayBackOf,
} from '../log/observed-service';
import { isCallOf } from '../log/operator/caller';
import { haveSameImages, namedOnly, type WayBack } from '../log/way-back';
import type { LiveRollout } from '../rollout/live-rollout';
import type { Attempt } from '../rollout/rollout';
import { isEarlierRevision } from '../service/way-back/earlier-revisions';
import { safeTargetsOf } from '../service/way-back/safe-targets';
import { type Decision, recordThat } from './decision';
import { concludeRollback, decisionFact, failureOf, recordedTarget } from './decision-events';
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
  const { observed } = situation;
  const isBack =
    wayTakenBy(situation, live, primary) !== null || isOperatorsWayBack(situation, live, primary);
  const { startedAt } = live.context;
  const isOnItsWay = wayBackOf(observed, startedAt) !== null && !isOvertaken(observed, startedAt);
  if (!isOnItsWay && !isBack) {
    const message = `${primary.id} was deployed since`;
    return concludeRollback(situation, live, { outcome: 'superseded', message });
  }
  return adopt(situation, live, primary);
}

/**
 * The safe target to which the deployment brings the service back: ECS resumed its deployment, or
 * the deployment runs what it ran and the failed rollout does not, or a copy of that.
 */
function wayTakenBy(
  { state, observed }: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment,
): WayBack | null {
  const isOther = primary.taskDefinition !== live.context.taskDefinition;
  const isAttempted = live.recorded.attempt !== null;
  const taken = safeTargetsOf(state.memory, live)
    .map((target) => inFull(observed, target))
    .find(
      (target) =>
        target.deployment === primary.id ||
        ((isOther || isAttempted) && target.taskDefinition === primary.taskDefinition) ||
        (isOther && isCopyOf(observed, live, { primary, target })),
    );
  return taken ?? null;
}

/**
 * Whether a deployment runs the copy that an attempt was going to register, of which nobody has
 * told: another revision of the family, with the images of the target.
 */
function isCopyOf(
  observed: ObservedService,
  { recorded: { attempt } }: LiveRollout,
  { primary, target }: { readonly primary: ObservedDeployment; readonly target: WayBack },
): boolean {
  if (attempt?.byCopy !== true || !isOfSameFamily(primary.taskDefinition, target.taskDefinition))
    return false;
  if (target.images === null) return true;
  const { taskDefinition, id: deployment } = primary;
  const running = inFull(observed, { ...namedOnly(taskDefinition), deployment });
  return haveSameImages(running.images, target.images);
}

/**
 * Whether somebody goes back to a revision to which Rewind would not: that is the operator's to
 * choose, and never overwritten.
 */
function isOperatorsWayBack(
  situation: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment,
): boolean {
  const { id: deployment, taskDefinition } = primary;
  if (deployment === live.context.deployment || wayTakenBy(situation, live, primary) !== null) return false;
  return isEarlierRevision(situation.state.memory, live, { deployment, taskDefinition });
}

/** Records who took the service back: by now it is on its way, or there. */
export function adopt(
  situation: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment | undefined,
): Decision {
  const { state, now } = situation;
  const by = actorOf(situation, live, primary);
  const event: RollbackAdopted = {
    ...decisionFact(state, live, { type: 'RollbackAdopted', cause: failureOf(live) }),
    attempt: live.recorded.attempt?.number ?? 0,
    by,
    adoptedAt: now,
    ...seenWayBack(situation, live, primary),
  };
  return recordThat(event, `the service is already on its way back, by ${by}`);
}

type SeenWayBack = Pick<RollbackAdopted, 'target' | 'rollbackDeployment' | 'serviceRevision' | 'images'>;

/**
 * What the service goes back by. What was deployed over a way back is not that way back: then the
 * events have told of it.
 */
function seenWayBack(
  situation: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment | undefined,
): SeenWayBack {
  const { observed } = situation;
  const { deployment, startedAt, rollback } = live.context;
  const isPrimary = primary !== undefined && primary.id !== deployment;
  const taken = isPrimary ? wayTakenBy(situation, live, primary) : null;
  if (isPrimary && taken !== null) return { rollbackDeployment: primary.id, ...recordedTarget(taken) };
  const isOperators = isPrimary && isOperatorsWayBack(situation, live, primary);
  if (isPrimary && (isOperators || !isOvertaken(observed, startedAt))) {
    const { id, taskDefinition } = primary;
    const inside = isOperators ? null : wayBackOf(observed, startedAt);
    const serviceRevision = inside?.serviceRevision ?? null;
    const seen = inFull(observed, { taskDefinition, deployment: id, serviceRevision, images: null });
    return { rollbackDeployment: id, ...recordedTarget(seen) };
  }
  return {
    rollbackDeployment: rollback?.deployment ?? null,
    target: rollback?.target ?? observed.lastSuccessful,
    ...(rollback?.serviceRevision == null ? {} : { serviceRevision: rollback.serviceRevision }),
    ...(rollback?.images == null ? {} : { images: rollback.images }),
  };
}

/**
 * Who took the service back, as ECS shows it. An attempt stands behind a look at ECS that showed
 * nothing yet: a way back seen after it, which ECS did not begin of itself, is taken for what
 * became of that attempt, whose reconciler did not live to tell, unless it leads where Rewind would
 * not go, or CloudTrail has told of another caller. What ECS does of itself it does inside the
 * service deployment that failed; where it shows none, the events have to do.
 */
function actorOf(
  situation: SituationInView,
  live: LiveRollout,
  primary: ObservedDeployment | undefined,
): RollbackActor {
  const { observed } = situation;
  const { context, recorded } = live;
  const isOperators = primary !== undefined && isOperatorsWayBack(situation, live, primary);
  if (isOperators && isOvertaken(observed, context.startedAt)) return 'operator';
  const inside = wayBackOf(observed, context.startedAt);
  if (inside?.isByEcs) return 'ecs';
  if (recorded.attempt !== null && (!isOperators || inside !== null)) {
    return isOther(toldCaller(situation, live, primary), recorded.attempt) ? 'operator' : 'rewind';
  }
  const isSeenByEvents = observed.serviceDeployments.length === 0 && context.rollback?.by === 'ecs';
  if (isSeenByEvents) return 'ecs';
  return inside === null && isOfAnotherRollout(situation, live, primary) ? 'rewind' : 'operator';
}

/** Who called ECS for the way back, as CloudTrail has told; null where it has not. */
function toldCaller(
  { state, observed }: SituationInView,
  { context }: LiveRollout,
  primary: ObservedDeployment | undefined,
): string | null {
  const isInside = wayBackOf(observed, context.startedAt) !== null;
  if (isInside) return context.stoppedBy;
  return state.memory.callers?.[primary?.id ?? context.deployment] ?? null;
}

/** Whether Rewind went back by it from a rollout before: this one had begun in between. */
function isOfAnotherRollout(
  { state }: SituationInView,
  { context }: LiveRollout,
  primary: ObservedDeployment | undefined,
): boolean {
  const isPrimary = primary !== undefined && primary.id !== context.deployment;
  return isPrimary && state.memory.waysBack?.[primary.id] !== undefined;
}

/** Whether a call was made by somebody else than whoever was to call in an attempt. */
function isOther(calledBy: string | null, { callers }: Attempt): boolean {
  if (calledBy === null || callers === undefined) return false;
  return !callers.some((caller) => isCallOf(caller, calledBy));
}
