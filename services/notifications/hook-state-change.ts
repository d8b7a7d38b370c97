import * as z from 'zod/mini';
import {
  type ServiceArn,
  type ServiceDeploymentArn,
  serviceOfServiceDeployment,
} from '../../state-machines/log/identifiers';
import { type Envelope, eventIdOf, parseDetail } from './envelope';
import { occurredAt, optionalInstant } from './occurred-at';
import { InvalidNotificationError } from './parse-part';
import { optionalText, requiredText } from './plain-fields';
import { serviceDeploymentFrom, serviceFrom } from './service-identity';
import type { Translation } from './translation';

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html
 * One of the examples of that page has no `resources`.
 */
const detailSchema = z.object({
  eventName: requiredText,
  hookId: requiredText,
  hookType: optionalText,
  lifecycleStage: optionalText,
  expiresAt: optionalText,
  serviceArn: optionalText,
  serviceDeploymentArn: optionalText,
  updatedAt: optionalText,
});
type Detail = z.output<typeof detailSchema>;

/** Translates *ECS Hook State Change*. */
export function translateHookStateChange(envelope: Envelope): Translation {
  const detail = parseDetail(envelope, detailSchema);
  const serviceDeployment = serviceDeploymentOf(envelope, detail);
  const event = {
    type: 'HookChanged' as const,
    id: eventIdOf(envelope),
    service: serviceOf(detail, serviceDeployment),
    occurredAt: occurredAt(envelope, 'detail.updatedAt', detail.updatedAt),
    eventName: detail.eventName,
    hookId: detail.hookId,
    hookType: detail.hookType ?? null,
    lifecycleStage: detail.lifecycleStage ?? null,
    expiresAt: optionalInstant(detail.expiresAt),
    serviceDeployment,
  };
  return { kind: 'event', event };
}

function serviceDeploymentOf(envelope: Envelope, detail: Detail): ServiceDeploymentArn | null {
  const { serviceDeploymentArn } = detail;
  if (serviceDeploymentArn) return serviceDeploymentFrom('detail.serviceDeploymentArn', serviceDeploymentArn);
  const resource = envelope.resources?.find((arn) => arn.includes(':service-deployment/'));
  return resource === undefined ? null : serviceDeploymentFrom('resources', resource);
}

function serviceOf({ serviceArn }: Detail, serviceDeployment: ServiceDeploymentArn | null): ServiceArn {
  if (serviceArn) return serviceFrom('detail.serviceArn', serviceArn);
  if (serviceDeployment !== null) return serviceOfServiceDeployment(serviceDeployment);
  throw new InvalidNotificationError('detail.serviceArn is missing');
}
