import type { Rollout } from '../../../state-machines/rollout/rollout';

type RolloutName = Pick<Rollout, 'startedAt' | 'service' | 'deployment'>;

/** The order of rollouts in every output: by startedAt, then service, then deployment. */
export function compareRollouts(a: RolloutName, b: RolloutName): number {
  return (
    a.startedAt - b.startedAt ||
    compareCodeUnits(a.service, b.service) ||
    compareCodeUnits(a.deployment, b.deployment)
  );
}

/** Not by locale: the order is part of the output's contract, on any machine. */
function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
