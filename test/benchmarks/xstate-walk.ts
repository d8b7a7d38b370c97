import { transition } from 'xstate';
import type { Place } from '../../state-machines/rollout/chart-walk';
import { deploymentMachine } from '../../state-machines/rollout/deployment-machine';
import type { RolloutSignal } from '../../state-machines/rollout/signals';

/**
 * Stands in for the walk along the chart: the same machine, moved by XState's own pure function.
 */
export function walk({ phase, context }: Place, signal: RolloutSignal): Place {
  const snapshot = deploymentMachine.resolveState({ value: phase, context });
  const [next] = transition(deploymentMachine, snapshot, signal);
  return { phase: next.value, context: next.context };
}
