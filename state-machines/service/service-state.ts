import { type DecisionChain, emptyChain } from '../log/decision-chain';
import type { ServiceArn } from '../log/identifiers';
import type { LiveRollout } from '../rollout/live-rollout';
import { emptyMemory, type ServiceMemory } from './service-memory';

/** The state of a service: what its events fold into. Plain JSON. */
export interface ServiceState {
  readonly service: ServiceArn;
  readonly eventsSeen: number;
  readonly eventsFingerprint: number;
  readonly chain: DecisionChain;
  /** In order of their start. A done one stays until its conclusion is recorded. */
  readonly rollouts: readonly LiveRollout[];
  readonly memory: ServiceMemory;
}

export function emptyState(service: ServiceArn): ServiceState {
  return {
    service,
    eventsSeen: 0,
    eventsFingerprint: 0,
    chain: emptyChain,
    rollouts: [],
    memory: emptyMemory,
  };
}
