import type { TaskDefinitionArn } from '../log/identifiers';
import type { LiveRollout } from '../rollout/live-rollout';
import type { ServiceMemory } from './service-memory';

/**
 * The task definition to go back to from this rollout, as far as the log tells: the stable one
 * recorded at its opening, else the last proven one, else (in a history without recorded openings)
 * what the service's other tasks ran. Null when there is none.
 */
export function safeTargetOf(memory: ServiceMemory, live: LiveRollout): TaskDefinitionArn | null {
  return candidatesFor(memory, live).find((candidate) => isSafe(candidate, memory, live)) ?? null;
}

/** All that could be gone back to, best first: a deregistered one is passed over for the next. */
export function safeTargetsOf(memory: ServiceMemory, live: LiveRollout): TaskDefinitionArn[] {
  return [...new Set(candidatesFor(memory, live).filter((candidate) => isSafe(candidate, memory, live)))];
}

function candidatesFor({ proven, seen }: ServiceMemory, { context, recorded }: LiveRollout) {
  const stable = context.stable === null ? [] : [context.stable];
  return [...stable, ...proven, ...(recorded.opened ? [] : seen)];
}

function isSafe(candidate: TaskDefinitionArn, { failed }: ServiceMemory, { context }: LiveRollout): boolean {
  return candidate !== context.taskDefinition && !failed.includes(candidate);
}
