import type { ProtectionPart } from './configuration';

/**
 * One word for what most services need; docs/guard.md says when each is right. `none` takes back
 * what was declared before it.
 */
export const profileNames = ['careful', 'balanced', 'fast', 'none'] as const;
export type ProfileName = (typeof profileNames)[number];

/**
 * What the profiles declare. None sets a strategy, which depends on the service's load balancers.
 */
export const profiles: { readonly [name in Exclude<ProfileName, 'none'>]: ProtectionPart } = {
  careful: {
    configuration: {
      deploymentCircuitBreaker: unforgiving('BOUNDED_PERCENT', 25),
      alarms: { enable: true, rollback: true },
      bakeTimeInMinutes: 15,
    },
    presets: ['target-5xx-rate', 'latency-p99', 'unhealthy-hosts', 'cpu', 'memory'],
  },
  balanced: {
    configuration: {
      deploymentCircuitBreaker: unforgiving('BOUNDED_PERCENT', 50),
      alarms: { enable: true, rollback: true },
      bakeTimeInMinutes: 5,
    },
    presets: ['target-5xx-rate', 'unhealthy-hosts', 'memory'],
  },
  fast: {
    configuration: {
      deploymentCircuitBreaker: unforgiving('COUNT', 2),
      bakeTimeInMinutes: 0,
    },
  },
};

/**
 * Failures count over the whole deployment. With ECS's default, one healthy task now and then keeps
 * a limping rollout going for ever.
 */
function unforgiving(type: string, value: number) {
  const thresholdConfiguration = { type, value };
  return { enable: true, rollback: true, resetOnHealthyTask: false, thresholdConfiguration };
}
