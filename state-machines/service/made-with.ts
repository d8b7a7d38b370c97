import type { MadeWith } from '../log/decision-fact';
import { type Policy, policyVersion } from '../log/policy';
import { reducerVersion } from '../log/reducer-version';
import type { ServiceState } from './service-state';

/** What every decision from this state carries. */
export function madeWith({ eventsSeen, eventsFingerprint, chain }: ServiceState, policy: Policy): MadeWith {
  return {
    reducerVersion,
    policyVersion: policyVersion(policy),
    eventsSeen,
    eventsFingerprint,
    after: chain.ends,
  };
}
