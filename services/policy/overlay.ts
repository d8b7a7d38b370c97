import type { Policy } from '../../state-machines/log/policy';
import type { PolicyPart } from './policy-schema';

/** Lays the keys that a part sets over a policy; the others stay. */
export function overlay(policy: Policy, part: PolicyPart): Policy {
  const set = Object.entries(part).filter(([, value]) => value !== undefined);
  return { ...policy, ...Object.fromEntries(set) };
}
