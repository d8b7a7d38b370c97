import { namedOnly, type WayBack } from '../../log/way-back';
import type { LiveRollout } from '../../rollout/live-rollout';
import type { RolloutContext } from '../../rollout/rollout-context';
import type { ServiceMemory } from '../service-memory';

/**
 * What to go back to from this rollout, as far as the log tells: the last revision that is proven,
 * else what the recorded opening says, else (in a history without recorded openings) what the
 * service's other tasks ran. Null when there is none.
 */
export function safeTargetOf(memory: ServiceMemory, live: LiveRollout): WayBack | null {
  return candidatesFor(memory, live).find((candidate) => isSafeFrom(candidate, memory, live)) ?? null;
}

/** All that could be gone back to, best first: one that cannot be deployed is passed over. */
export function safeTargetsOf(memory: ServiceMemory, live: LiveRollout): WayBack[] {
  const safe = candidatesFor(memory, live).filter((candidate) => isSafeFrom(candidate, memory, live));
  return safe.filter((candidate, index) => safe.findIndex((other) => isSameWay(other, candidate)) === index);
}

function candidatesFor(memory: ServiceMemory, { context, recorded }: LiveRollout): WayBack[] {
  const stable = context.stable === null ? [] : [context.stable];
  const proven = memory.proven.map(({ startedAt: _, isWithoutVerdict: _verdict, ...revision }) => revision);
  return [...stable, ...proven, ...(recorded.opened ? [] : seenElsewhere(memory))];
}

/** What other tasks ran; a revision whose own rollout is known and has not passed comes last. */
function seenElsewhere({ seen, started }: ServiceMemory): WayBack[] {
  const isKnown = ({ deployment }: { deployment: WayBack['deployment'] }) =>
    deployment !== null && started.includes(deployment);
  return [...seen.filter((one) => !isKnown(one)), ...seen.filter(isKnown)].map(
    ({ taskDefinition, deployment }) => ({ ...namedOnly(taskDefinition), deployment }),
  );
}

/**
 * Not the revision itself, and none whose last judgement failed. The same task definition may be
 * another revision of the service: another image under its tag, another network.
 */
export function isSafeFrom(
  candidate: WayBack,
  { proven, failed }: ServiceMemory,
  { context }: LiveRollout,
): boolean {
  const { deployment, taskDefinition } = candidate;
  if (deployment === null && taskDefinition === context.taskDefinition) return false;
  if (deployment === context.deployment) return false;
  const isProven = proven.some((other) => other.deployment === deployment);
  if (isProven && candidate.serviceRevision !== null) return true;
  return !failed.some(
    (other) => other.taskDefinition === taskDefinition && other.deployment !== context.deployment,
  );
}

/**
 * Whether a rollout of the revision is known here. Where its deployment is not, a rollout of its
 * task definition is one of it.
 */
export function isKnownHere(
  { started, taskDefinitions }: ServiceMemory,
  { deployment, taskDefinition }: WayBack,
): boolean {
  if (deployment !== null) return started.includes(deployment);
  return started.some((other) => taskDefinitions[other] === taskDefinition);
}

function isSameWay(a: WayBack, b: WayBack): boolean {
  return a.taskDefinition === b.taskDefinition && (a.deployment === b.deployment || a.deployment === null);
}

/**
 * Whether somebody takes the rollout back to a revision of which a rollout is known here, and none
 * has passed: that says nothing against what it replaces.
 */
export function isTakenToUnproven(
  { started, taskDefinitions, proven }: ServiceMemory,
  context: RolloutContext,
): boolean {
  const { rollback, verdict } = context;
  if (verdict?.reason !== 'Operator' || rollback?.by !== 'operator' || rollback.target === null) return false;
  const { target, deployment } = rollback;
  const isKnown = started.some((other) => other !== deployment && taskDefinitions[other] === target);
  return isKnown && !proven.some((way) => way.taskDefinition === target && way.deployment !== deployment);
}
