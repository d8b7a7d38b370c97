import type { HookChanged, StageObserved } from '../../log/observed-events';
import { isSameRollout } from '../../rollout/live-rollout';
import type { ServiceState } from '../service-state';
import { type SignalFacts, type Step, signalRollouts } from '../signal-rollouts';

/** A hook, or a stage, belongs to what ECS works on: the newest rollout that is watched. */
export function followTraffic(
  state: ServiceState,
  step: Step,
  event: HookChanged | StageObserved,
): ServiceState {
  const newest = state.rollouts.findLast(({ phase }) => phase === 'watching');
  if (newest === undefined) return state;
  if (event.type === 'StageObserved' && event.deployment !== newest.context.deployment) return state;
  const facts = { type: event.type, event } as SignalFacts;
  return signalRollouts(state, step, { concerns: (live) => isSameRollout(live, newest.context), facts });
}
