import { isOwnHook } from '../../log/traffic/own-hook';
import type { RolloutContext } from '../rollout-context';
import type { RolloutProgress } from './traffic';

/** The progress of a watched rollout; null where ECS has shown no stage and no hook. */
export function rolloutProgressOf(context: RolloutContext): RolloutProgress | null {
  const { traffic, waitingHooks, shares, watchingState } = context;
  const gate = openGateIn(waitingHooks);
  if (traffic === null && gate === null) return null;
  const weight = traffic?.production ?? null;
  return {
    state: watchingState,
    stage: gate?.stage ?? traffic?.stage ?? null,
    step: stepAt(shares, weight ?? 0),
    steps: shares.length === 0 ? null : shares.length,
    weight,
    gate,
  };
}

/** The step that a gate lets begin, where it stands before one; else the one under way. */
export function stepAfter({ traffic, shares }: RolloutContext, stage: string): number | null {
  const step = stepAt(shares, traffic?.production ?? 0);
  return stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' ? (step ?? 0) + 1 : step;
}

/** The step that has brought the traffic to a weight, from 1 on; null before the first. */
function stepAt(shares: readonly number[], weight: number): number | null {
  const step = shares.findLastIndex((share) => share <= weight) + 1;
  return step === 0 ? null : step;
}

function openGateIn(waitingHooks: RolloutContext['waitingHooks']): RolloutProgress['gate'] {
  const gates = Object.entries(waitingHooks)
    .filter(([hookId, { isPause }]) => isPause || isOwnHook(hookId))
    .map(([hookId, { stage, since, expiresAt }]) => ({ hookId, stage, since, expiresAt }));
  return gates.sort((a, b) => a.since - b.since)[0] ?? null;
}
