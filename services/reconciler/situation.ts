import type { Situation } from '../../state-machines/decide';
import type { Instant } from '../../state-machines/identifiers';
import { type ServiceState, safeTargetsOf } from '../../state-machines/service-state';
import type { Ecs, Question } from '../ecs/ecs';
import type { PolicyFile } from '../policy/policy-file';
import { withTags } from '../policy/policy-tags';

interface Looking {
  readonly ecs: Ecs;
  readonly policies: PolicyFile;
  readonly now: () => Instant;
  readonly owner: string;
  readonly state: ServiceState;
}

/** ECS gave no answer, or none that is final: Rewind asks again later. */
export interface Unavailable {
  readonly unavailable: string;
}

export function unavailable(error: unknown): Unavailable {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { unavailable: `ECS could not be asked: ${name}: ${message}` };
}

/**
 * All that a decision is made from. ECS is asked only where a decision may depend on it: to open a rollout, and before every
 * step of a rollback.
 */
export async function lookAt(looking: Looking): Promise<Situation | Unavailable> {
  const { ecs, policies, state, owner, now } = looking;
  const policy = policies.policyFor(state.service);
  const question = questionOf(state);
  if (question === null) return { state, observed: null, owner, policy, now: now() };
  try {
    const { observed, tags } = await ecs.observe(state.service, question);
    return { state, observed, owner, policy: withTags(policy, tags).policy, now: now() };
  } catch (error) {
    return unavailable(error);
  }
}

/** Null when nothing that could be decided now depends on ECS. */
function questionOf(state: ServiceState): Question | null {
  const isUndecided = state.rollouts.some(({ recorded, phase, context }) => {
    const isUnissued = context.rollback === null || context.rollback.issuedAt === null;
    return !recorded.opened || (phase === 'rollingBack' && isUnissued);
  });
  if (!isUndecided) return null;
  const candidates = state.rollouts
    .filter(({ phase }) => phase === 'rollingBack')
    .flatMap((live) => safeTargetsOf(state, live));
  return { withServiceDeployments: true, candidates: [...new Set(candidates)] };
}
