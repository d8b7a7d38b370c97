import type { OperatorActed } from '../../log/observed-events';
import type { LiveRollout } from '../../rollout/live-rollout';
import type { ServiceState } from '../service-state';
import { type SignalFacts, type Step, signalRollouts } from '../signal-rollouts';
import { rememberAct } from './remember-act';

/** What an act changes: most change only what is remembered. */
export function followAct(state: ServiceState, step: Step, event: OperatorActed): ServiceState {
  const remembered = { ...state, memory: rememberAct(state.memory, event) };
  const facts = factsOfAct(event);
  if (facts === null) return remembered;
  const concerns = ({ context }: LiveRollout) => context.deployment === event.deployment;
  return signalRollouts(remembered, step, { concerns, facts });
}

function factsOfAct(event: OperatorActed): SignalFacts | null {
  if (event.test !== undefined && event.testResult !== undefined) return { type: 'TestAnswered', event };
  return event.skipsBake === undefined ? null : { type: 'BakeSkipped' };
}
