import * as z from 'zod';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { ServiceCall } from '../../state-machines/log/observed-events';
import { deploymentOrNull, taskDefinitionOrNull } from './deployment-text';
import { type Envelope, eventIdOf, parseDetail } from './envelope';
import { InvalidNotificationError } from './invalid-notification-error';
import { occurredAt } from './occurred-at';
import { partitionOf, serviceFrom } from './service-identity';
import { ignored, type Translation } from './translation';

/**
 * The Service of the response, without its dates: CloudTrail may write them in a locale's own form.
 */
const serviceSchema = z.object({
  serviceArn: z.string().nullish(),
  taskDefinition: z.string().nullish(),
  deployments: z
    .array(
      z.object({
        id: z.string().nullish(),
        status: z.string().nullish(),
        taskDefinition: z.string().nullish(),
      }),
    )
    .nullish(),
});

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/logging-using-cloudtrail.html
 * In a CreateService call the name is `serviceName`.
 */
const detailSchema = z.object({
  eventName: z.string(),
  eventTime: z.string().nullish(),
  errorCode: z.string().nullish(),
  awsRegion: z.string().nullish(),
  recipientAccountId: z.string().nullish(),
  userIdentity: z.object({ arn: z.string().nullish(), invokedBy: z.string().nullish() }).nullish(),
  requestParameters: z
    .object({
      service: z.string().nullish(),
      serviceName: z.string().nullish(),
      cluster: z.string().nullish(),
    })
    .nullish(),
  responseElements: z.object({ service: serviceSchema.nullish() }).nullish(),
});
type Detail = z.output<typeof detailSchema>;

const calls: ReadonlySet<string> = new Set(['CreateService', 'UpdateService', 'DeleteService']);

/**
 * Translates *AWS API Call via CloudTrail*: who created, updated or deleted a service. A call that
 * failed is ignored: it changed nothing.
 */
export function translateApiCall(envelope: Envelope): Translation {
  const { eventName, errorCode } = envelope.detail;
  if (typeof eventName === 'string' && !calls.has(eventName)) {
    return ignored(envelope, `${eventName} changes no service`);
  }
  if (typeof errorCode === 'string') return ignored(envelope, `the call failed (${errorCode})`);
  const detail = parseDetail(envelope, detailSchema);
  const fact = {
    id: eventIdOf(envelope),
    service: serviceOfCall(envelope, detail),
    occurredAt: occurredAt(envelope, 'detail.eventTime', detail.eventTime),
  };
  const call = callOf(detail);
  if (detail.eventName === 'DeleteService') {
    return { kind: 'event', event: { type: 'ServiceDeleted', ...fact, by: call.by } };
  }
  const type = detail.eventName === 'CreateService' ? 'ServiceCreated' : 'ServiceUpdated';
  return { kind: 'event', event: { type, ...fact, ...call } };
}

function callOf(detail: Detail): ServiceCall {
  const service = detail.responseElements?.service;
  const primary = service?.deployments?.find((deployment) => deployment.status === 'PRIMARY');
  return {
    by: detail.userIdentity?.arn ?? detail.userIdentity?.invokedBy ?? null,
    taskDefinition: taskDefinitionOrNull(service?.taskDefinition ?? primary?.taskDefinition),
    deployment: deploymentOrNull(primary?.id),
  };
}

/** The ARN in the response; where there is none, the ARN that the names in the request make. */
function serviceOfCall(envelope: Envelope, detail: Detail): ServiceArn {
  const answered = detail.responseElements?.service?.serviceArn;
  if (answered) return serviceFrom('detail.responseElements.service.serviceArn', answered);
  const parameter = detail.eventName === 'CreateService' ? 'serviceName' : 'service';
  const name = detail.requestParameters?.[parameter];
  if (!name) throw new InvalidNotificationError(`detail.requestParameters.${parameter} is missing`);
  const field = `detail.requestParameters.${parameter}`;
  if (name.startsWith('arn:')) return serviceFrom(field, name);
  const region = envelope.region ?? detail.awsRegion;
  if (!region) throw new InvalidNotificationError('region is missing');
  const account = envelope.account ?? detail.recipientAccountId;
  if (!account) throw new InvalidNotificationError('account is missing');
  const cluster = clusterNameOf(detail.requestParameters?.cluster);
  return serviceFrom(field, `arn:${partitionOf(region)}:ecs:${region}:${account}:service/${cluster}/${name}`);
}

/** ECS takes a cluster's name or its ARN; without either it means the cluster `default`. */
function clusterNameOf(cluster: string | null | undefined): string {
  return cluster ? cluster.slice(cluster.lastIndexOf('/') + 1) : 'default';
}
