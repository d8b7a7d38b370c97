import type { OperatorActed } from '../../log/observed-events';
import type { ServiceState } from '../service-state';
import { type Step, signalRollouts } from '../signal-rollouts';
import { rememberAct } from './remember-act';

/** What an act changes: most change only what is remembered. */
export function followAct(state: ServiceState, step: Step, event: OperatorActed): ServiceState {
  const remembered = { ...state, memory: rememberAct(state.memory, event) };
  if (event.skipsBake === undefined) return remembered;
  return signalRollouts(remembered, step, {
    concerns: ({ context }) => context.deployment === event.deployment,
    facts: { type: 'BakeSkipped' },
  });
}
