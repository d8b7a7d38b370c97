import { questionFor } from '../../state-machines/decisions/look';
import type { Situation } from '../../state-machines/decisions/situation';
import type { AlarmReading } from '../../state-machines/log/decided-events';
import type { ObservedService } from '../../state-machines/log/observed-service';
import { defaultPolicy, type Policy } from '../../state-machines/log/policy';

interface Shown extends Pick<Situation, 'state' | 'now' | 'owner'> {
  readonly observed: ObservedService;
  readonly policy?: Policy;
  readonly alarms?: readonly AlarmReading[];
}

/** A situation in which everything was looked at: ECS shows the service, and nothing unrecorded. */
export function situationWith({ state, now, owner, observed, policy, alarms = [] }: Shown): Situation {
  const view = { observed, policy: policy ?? defaultPolicy, alarms };
  return {
    state,
    now,
    owner,
    seen: {
      service: {
        question: questionFor({ state, owner, now }),
        answer: { kind: 'shown', shown: view },
      },
      alarms: { names: alarms.map(({ alarm }) => alarm), answer: { kind: 'shown', shown: alarms } },
      facts: { until: now, answer: { kind: 'shown', shown: [] } },
      killSwitch: { heldBecause: null },
      appended: new Set(),
    },
  };
}
