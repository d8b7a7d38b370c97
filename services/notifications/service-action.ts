import * as z from 'zod/mini';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import { deploymentNamedIn, startFactsOf } from './deployment-text';
import { type Envelope, eventIdOf, parseDetail } from './envelope';
import { occurredAt } from './occurred-at';
import { optionalText, requiredText } from './plain-fields';
import { serviceOfResources } from './service-identity';
import { ignored, ignoredSign, type ServiceSign, type Translation } from './translation';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html */
const detailSchema = z.object({
  eventName: requiredText,
  eventType: optionalText,
  createdAt: optionalText,
  updatedAt: optionalText,
  reason: optionalText,
});
type Detail = z.output<typeof detailSchema>;

/** Task sets are steady on their own under controllers other than ECS's. */
const steadyStates: ReadonlyMap<string, ServiceSign['shows']> = new Map([
  ['SERVICE_STEADY_STATE', 'steadyState'],
  ['TASKSET_STEADY_STATE', 'taskSets'],
]);

/** Daemon events say `WARNING` for `WARN`. */
const troubles: ReadonlySet<string> = new Set(['WARN', 'WARNING', 'ERROR']);

/**
 * Translates *ECS Service Action*: trouble of a service, and the deployment events that the page
 * lists too; those have no field for a deployment id.
 */
export function translateServiceAction(envelope: Envelope): Translation {
  const detail = parseDetail(envelope, detailSchema);
  if (detail.eventName.startsWith('SERVICE_DEPLOYMENT_')) return translateDeploymentAction(envelope, detail);
  if (!troubles.has(detail.eventType ?? '')) {
    const quiet = ignored(envelope, `${detail.eventName} says nothing of a rollout`);
    const shows = steadyStates.get(detail.eventName);
    return shows === undefined ? quiet : ignoredSign(quiet, shows, () => serviceOfResources(envelope));
  }
  const event: ObservedEvent = {
    type: 'ServiceImpaired',
    ...factOf(envelope, detail),
    eventName: detail.eventName,
    reason: detail.reason ?? null,
  };
  return { kind: 'event', event };
}

function translateDeploymentAction(envelope: Envelope, detail: Detail): Translation {
  const reason = detail.reason ?? null;
  const deployment = deploymentNamedIn(reason ?? '');
  const fact = () => factOf(envelope, detail);
  switch (detail.eventName) {
    case 'SERVICE_DEPLOYMENT_IN_PROGRESS':
      if (deployment === null) return ignored(envelope, `${detail.eventName} names no deployment`);
      return {
        kind: 'event',
        event: { type: 'DeploymentStarted', ...fact(), deployment, ...startFactsOf(reason ?? '') },
      };
    case 'SERVICE_DEPLOYMENT_COMPLETED':
      return { kind: 'event', event: { type: 'DeploymentCompleted', ...fact(), deployment } };
    case 'SERVICE_DEPLOYMENT_FAILED':
      return { kind: 'event', event: { type: 'DeploymentFailed', ...fact(), deployment, reason } };
    default:
      return ignored(envelope, `${detail.eventName} is no deployment event that Rewind knows`);
  }
}

function factOf(envelope: Envelope, detail: Detail) {
  const field = detail.createdAt ? 'detail.createdAt' : 'detail.updatedAt';
  return {
    id: eventIdOf(envelope),
    service: serviceOfResources(envelope),
    occurredAt: occurredAt(envelope, field, detail.createdAt ?? detail.updatedAt),
  };
}
