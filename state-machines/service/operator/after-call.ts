import type { ServiceCall } from '../../log/observed-events';
import { rememberCaller } from '../service-memory';
import type { ServiceState } from '../service-state';

/** What a call to ECS tells beyond its deployment: who made it, and how ECS replaces tasks. */
export function afterCall(state: ServiceState, call: ServiceCall): ServiceState {
  const memory = rememberCaller(state.memory, call);
  const { strategy } = call;
  return { ...state, memory: strategy === undefined ? memory : { ...memory, strategy } };
}
