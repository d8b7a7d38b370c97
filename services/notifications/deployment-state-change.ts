import * as z from 'zod/mini';
import { deploymentFrom, deploymentNamedIn, startFactsOf } from './deployment-text';
import { type Envelope, eventIdOf, parseDetail } from './envelope';
import { occurredAt } from './occurred-at';
import { optionalText, requiredText } from './plain-fields';
import { serviceOfResources } from './service-identity';
import { ignored, type Translation } from './translation';

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
const detailSchema = z.object({
  eventName: requiredText,
  deploymentId: requiredText,
  updatedAt: optionalText,
  reason: optionalText,
});

const eventNames: ReadonlySet<string> = new Set([
  'SERVICE_DEPLOYMENT_IN_PROGRESS',
  'SERVICE_DEPLOYMENT_COMPLETED',
  'SERVICE_DEPLOYMENT_FAILED',
]);

/** Translates *ECS Deployment State Change*. */
export function translateDeploymentStateChange(envelope: Envelope): Translation {
  const detail = parseDetail(envelope, detailSchema);
  if (!eventNames.has(detail.eventName)) {
    return ignored(envelope, `${detail.eventName} is no deployment event that Rewind knows`);
  }
  const fact = {
    id: eventIdOf(envelope),
    service: serviceOfResources(envelope),
    occurredAt: occurredAt(envelope, 'detail.updatedAt', detail.updatedAt),
  };
  const deployment = deploymentFrom('detail.deploymentId', detail.deploymentId);
  const reason = detail.reason ?? null;
  if (detail.eventName === 'SERVICE_DEPLOYMENT_COMPLETED') {
    return { kind: 'event', event: { type: 'DeploymentCompleted', ...fact, deployment } };
  }
  if (detail.eventName === 'SERVICE_DEPLOYMENT_FAILED') {
    return { kind: 'event', event: { type: 'DeploymentFailed', ...fact, deployment, reason } };
  }
  // AWS does not document whose id a rollback's event carries: it may be that of the deployment
  // that failed. The text names the deployment that starts.
  const starting = deploymentNamedIn(reason ?? '') ?? deployment;
  return {
    kind: 'event',
    event: { type: 'DeploymentStarted', ...fact, deployment: starting, ...startFactsOf(reason ?? '') },
  };
}
