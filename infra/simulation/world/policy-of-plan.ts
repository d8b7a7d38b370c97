import { policyFileOf } from '../../../services/policy/policy-file';
import type { Plan } from './plan';

/** The policy file of a plan. */
export function policyFileOfPlan({ settings: { policy, isGuarded } }: Plan) {
  const native = isGuarded ? { native: { deploymentCircuitBreaker: { enable: true, rollback: true } } } : {};
  return policyFileOf({ defaults: { ...policy, alarms: [...policy.alarms], ...native } });
}
