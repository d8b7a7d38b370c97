import { isDecided, type RewindEvent } from '../log/events';
import type { Instant } from '../log/instant';
import { failureRules, type Policy, policyVersion } from '../log/policy';
import { rolloutKey } from '../log/rollout-id';
import type { Rollout } from '../rollout/rollout';
import { isRollback } from '../rollout/rollout-context';
import { replay } from './replay';

/**
 * The rollouts of one service, with what the other of the two rules about failed tasks says of
 * those that are only observed. It is asked of what was observed alone, and of no decision on
 * record. Pure; the rollouts as they are where none is observed.
 */
export function withOtherRule(
  rollouts: readonly Rollout[],
  { events, until }: { readonly events: readonly RewindEvent[]; readonly until: Instant },
): readonly Rollout[] {
  const isObserved = (rollout: Rollout) => rollout.policy.mode === 'observe' && !isRollback(rollout);
  const policies = new Map(
    rollouts.filter(isObserved).map(({ policy }) => [policyVersion(policy), withOtherRuleIn(policy)]),
  );
  if (policies.size === 0) return rollouts;
  const facts = events.filter((event) => !isDecided(event));
  const judged = new Map(
    [...policies].map(([version, policy]) => {
      const others = replay(facts, { policy, until });
      return [version, new Map(others.map((other) => [rolloutKey(other), other]))] as const;
    }),
  );
  return rollouts.map((rollout) => {
    const other = judged.get(policyVersion(rollout.policy))?.get(rolloutKey(rollout));
    if (!isObserved(rollout) || other === undefined) return rollout;
    return { ...rollout, otherRule: { failureRule: other.policy.failureRule, verdict: other.verdict } };
  });
}

function withOtherRuleIn(policy: Policy): Policy {
  const failureRule = failureRules.find((rule) => rule !== policy.failureRule) ?? 'percent';
  // Each rule has a probation of its own.
  return { ...policy, failureRule, probationSeconds: null };
}
