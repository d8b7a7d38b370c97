import type { EcsDeploymentConfiguration } from '../configuration/deployment-configuration';
import type { Deployment } from '../model/deployment';
import type { Service } from '../model/service';

/** The least and the most that a bounded percentage of the desired count comes to. */
const bounds = { least: 3, most: 200 };

/**
 * How many failed tasks fail a deployment of so many tasks; null without a circuit breaker. Pure.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function failureThreshold(
  configuration: EcsDeploymentConfiguration,
  desiredCount: number,
): number | null {
  const breaker = configuration.deploymentCircuitBreaker;
  if (!breaker?.enable) return null;
  const { type, value } = breaker.thresholdConfiguration ?? { type: 'BOUNDED_PERCENT' as const, value: 50 };
  const share = Math.ceil((value * desiredCount) / 100);
  switch (type) {
    case 'COUNT':
      return value;
    case 'UNBOUNDED_PERCENT':
      // A share of nothing is nothing; a threshold of 0 would fail a deployment before its first
      // task.
      return Math.max(1, share);
    case 'BOUNDED_PERCENT':
      return Math.min(bounds.most, Math.max(bounds.least, share));
    default:
      return type satisfies never;
  }
}

/**
 * Whether the deployment has reached the threshold, which moves with the service's desired count.
 */
export function isTripped(service: Service, deployment: Deployment): boolean {
  const threshold = failureThreshold(service.deploymentConfiguration, service.desiredCount);
  return threshold !== null && deployment.failedTasks >= threshold;
}

/**
 * Forgives earlier failures, unless `resetOnHealthyTask` is false: then all of a deployment count,
 * not only those in a row.
 */
export function forgiveFailures(service: Service, deployment: Deployment): void {
  if (service.deploymentConfiguration.deploymentCircuitBreaker?.resetOnHealthyTask !== false) {
    deployment.failedTasks = 0;
  }
}
