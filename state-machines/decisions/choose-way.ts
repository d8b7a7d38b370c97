import type { RollbackMethod } from '../log/decided-events';
import { shortTaskDefinition } from '../log/identifiers';
import { hasMoved, inFull, type ObservedService, ownCandidate, ownInProgress } from '../log/observed-service';
import { isSameRevision, type WayBack } from '../log/way-back';
import type { LiveRollout } from '../rollout/live-rollout';
import { isKnownHere, isSafeFrom, safeTargetsOf } from '../service/way-back/safe-targets';
import type { SituationInView } from './look';

/** Where a failed rollout goes back to, and how. */
export interface ChosenWay {
  readonly wayBack: WayBack;
  readonly method: RollbackMethod;
  /** Whether a copy of its task definition is deployed, pinned to the images that ran. */
  readonly byCopy: boolean;
  /** The judged rollout's own service deployment, where that is stopped; null where none is. */
  readonly serviceDeployment: string | null;
}

/**
 * The best of the safe targets that there is a way to; else what ECS itself would go back to, where
 * Rewind knows nothing of it. Null when there is no way.
 */
export function chooseWay(situation: SituationInView, live: LiveRollout): ChosenWay | null {
  const { state, observed } = situation;
  for (const target of safeTargetsOf(state.memory, live)) {
    const way = wayTo(observed, live, inFull(observed, target));
    if (way !== null) return way;
  }
  const candidate = unknownCandidate(situation, live);
  return candidate && byStop(candidate, stoppable(observed, live));
}

/**
 * While ECS calls the deployment in progress, stopping it restores the whole service revision, also
 * where its task definition is INACTIVE; but ECS goes to its own last successful one, which may
 * have failed its bake here. Then, and after completion, the target is deployed by name; or a copy
 * of it, where it is INACTIVE or its tags have moved.
 */
function wayTo(observed: ObservedService, live: LiveRollout, wayBack: WayBack): ChosenWay | null {
  const { taskDefinition, images } = wayBack;
  const serviceDeployment = stoppable(observed, live);
  if (serviceDeployment !== null && isOwnCandidate(observed, wayBack)) {
    return byStop(wayBack, serviceDeployment);
  }
  const isActive = observed.active.includes(taskDefinition);
  const moved = images !== null && hasMoved(observed, wayBack);
  if (isActive && !moved) return byUpdate(wayBack, false);
  const canBeCopied = isActive || observed.inactive?.includes(taskDefinition) === true;
  const mayBeCopied = canBeCopied && live.context.policy.restoreByCopy;
  return mayBeCopied ? byUpdate(wayBack, true) : null;
}

function byStop(wayBack: WayBack, serviceDeployment: string | null): ChosenWay {
  return { wayBack, method: 'StopServiceDeployment', byCopy: false, serviceDeployment };
}

function byUpdate(wayBack: WayBack, byCopy: boolean): ChosenWay {
  return { wayBack, method: 'UpdateService', byCopy, serviceDeployment: null };
}

/** The judged rollout's own service deployment, where it is in progress and goes forward. */
function stoppable(observed: ObservedService, { context: { startedAt } }: LiveRollout): string | null {
  const isInProgress = observed.deployments[0]?.rolloutState === 'IN_PROGRESS';
  return isInProgress ? ownInProgress(observed, startedAt) : null;
}

/** Whether ECS would go there by itself. */
function isOwnCandidate(observed: ObservedService, wayBack: WayBack): boolean {
  const candidate = ownCandidate(observed);
  return candidate !== null && isSameRevision(candidate, wayBack);
}

/**
 * ECS's own candidate, where no rollout of it is known here or it was the stable one at the last
 * opening.
 */
function unknownCandidate({ state, observed }: SituationInView, live: LiveRollout): WayBack | null {
  const candidate = ownCandidate(observed);
  if (candidate === null || stoppable(observed, live) === null) return null;
  const { stable } = state.memory;
  const wasStable = stable !== null && isSameRevision(candidate, stable);
  if (!wasStable && isKnownHere(state.memory, candidate)) return null;
  return isSafeFrom(candidate, state.memory, live) ? candidate : null;
}

/** Why there is no way, where a target would have been safe; null where none is. */
export function hindranceOf({ state, observed }: SituationInView, live: LiveRollout): string | null {
  const [target] = safeTargetsOf(state.memory, live);
  if (target === undefined || live.context.policy.restoreByCopy) return null;
  const name = shortTaskDefinition(target.taskDefinition);
  if (observed.inactive?.includes(target.taskDefinition)) {
    return `${name} is INACTIVE, and the policy (restoreByCopy) lets no copy of it be registered`;
  }
  return hasMoved(observed, target)
    ? `a tag of ${name} points to another image now, and the policy (restoreByCopy) lets no copy of it be registered`
    : null;
}
