import { policyFileOf } from '../../../services/policy/policy-file';
import type { Plan } from './plan';

/** The policy file of a plan. */
export function policyFileOfPlan({ settings: { policy, isGuarded } }: Plan) {
  const native = isGuarded ? { native: { deploymentCircuitBreaker: { enable: true, rollback: true } } } : {};
  const lists = {
    alarms: [...policy.alarms],
    normalExitCodes: [...policy.normalExitCodes],
    failureClasses: [...policy.failureClasses],
  };
  return policyFileOf({ defaults: { ...policy, ...lists, ...native } });
}
