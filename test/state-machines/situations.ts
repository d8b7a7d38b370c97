import { decide } from '../../state-machines/decisions/decide';
import { questionFor } from '../../state-machines/decisions/look';
import type { Situation } from '../../state-machines/decisions/situation';
import type { RewindEvent } from '../../state-machines/log/events';
import type { AlarmReading } from '../../state-machines/log/observed-events';
import type { ObservedService } from '../../state-machines/log/observed-service';
import { defaultPolicy, type Policy } from '../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../state-machines/service/fold';
import { service } from './story';

interface Shown extends Pick<Situation, 'state' | 'now' | 'owner'> {
  readonly observed: ObservedService;
  readonly policy?: Policy;
  readonly alarms?: readonly AlarmReading[];
  /** By which role ECS would be called; unknown if left out. */
  readonly caller?: string;
}

/** A situation in which everything was looked at: ECS shows the service, and nothing unrecorded. */
export function situationWith(shown: Shown): Situation {
  const { state, now, owner, observed, policy, alarms = [], caller = null } = shown;
  const view = {
    observed,
    policy: policy ?? defaultPolicy,
    policyProblems: [],
    observesBecause: null,
    alarms,
  };
  return {
    state,
    now,
    owner,
    unansweredSince: null,
    watchesSince: null,
    stageSeenAt: null,
    caller,
    seen: {
      service: {
        question: questionFor({ state, owner, now }),
        answer: { kind: 'shown', shown: view },
      },
      alarms: { names: alarms.map(({ alarm }) => alarm), answer: { kind: 'shown', shown: alarms } },
      alarmChanges: state.rollouts.map(({ context: { startedAt, policy: own } }) => ({
        question: { names: [...own.alarms, ...view.policy.alarms], startedAt, withHistory: true },
        missing: [],
        history: [],
      })),
      plan: null,
      measurements: null,
      testTasks: [],
      facts: { until: now, answer: { kind: 'shown', shown: [] } },
      killSwitch: { heldBecause: null },
      appended: new Set(),
      answered: new Set(),
    },
  };
}

/** The events with everything that a reconciler records on them at an instant, without a call. */
export function withDecisions(
  events: readonly RewindEvent[],
  shown: Pick<Shown, 'now' | 'observed' | 'policy' | 'caller' | 'alarms'>,
): RewindEvent[] {
  const all = [...events];
  for (let step = 0; step < 20; step += 1) {
    const { state } = foldOn(emptyFold(service), inOrder(all), shown.policy ?? defaultPolicy);
    const decision = decide(situationWith({ state, owner: 'earlier', ...shown }));
    if (decision.action !== 'record') return all;
    all.push(decision.event);
  }
  return all;
}
