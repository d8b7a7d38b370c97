import type { ObservedEvent } from '../../state-machines/log/observed-events';
import { defaultPolicy, type Policy } from '../../state-machines/log/policy';
import { replay } from '../../state-machines/replay/replay';
import { running, second, stopped } from './story';

/** The rollouts that a story tells of, under the default policy but for what is given. */
export function rolloutsOf(
  events: readonly ObservedEvent[],
  { until = 10_000, policy = {} as Partial<Policy> } = {},
) {
  return replay(events, { policy: { ...defaultPolicy, ...policy }, until: second(until) });
}

/** What happened, as people would tell it. */
export function tellingOf(events: readonly ObservedEvent[], options?: Parameters<typeof rolloutsOf>[1]) {
  return rolloutsOf(events, options).map((rollout) => ({
    deployment: rollout.deployment,
    phase: rollout.phase,
    outcome: rollout.outcome,
    reason: rollout.verdict?.reason ?? null,
  }));
}

/** Two tasks of deployment 2 crash, the second at second 1045. */
export const crashing = [
  running('b1', 1020, { deployment: 2 }),
  stopped('b1', 1025, { deployment: 2 }),
  running('b2', 1040, { deployment: 2 }),
  stopped('b2', 1045, { deployment: 2 }),
];
