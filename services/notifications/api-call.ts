import * as z from 'zod/mini';
import { type ServiceArn, serviceOfServiceDeployment } from '../../state-machines/log/identifiers';
import type { ObservedEvent, ServiceCall } from '../../state-machines/log/observed-events';
import { deploymentOrNull, taskDefinitionOrNull } from './deployment-text';
import { type Envelope, eventIdOf, parseDetail } from './envelope';
import { occurredAt } from './occurred-at';
import { InvalidNotificationError } from './parse-part';
import { optionalText } from './plain-fields';
import { partitionOf, serviceDeploymentFrom, serviceFrom } from './service-identity';
import { ignored, ignoredSign, type Translation } from './translation';

/**
 * The Service of the response, without its dates: CloudTrail may write them in a locale's own form.
 */
const serviceSchema = z.object({
  serviceArn: optionalText,
  taskDefinition: optionalText,
  deployments: z.nullish(
    z.array(
      z.object({
        id: optionalText,
        status: optionalText,
        taskDefinition: optionalText,
      }),
    ),
  ),
});

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/logging-using-cloudtrail.html
 * In a CreateService call the name is `serviceName`.
 */
const detailSchema = z.object({
  eventName: z.string(),
  eventTime: optionalText,
  errorCode: optionalText,
  awsRegion: optionalText,
  recipientAccountId: optionalText,
  userIdentity: z.nullish(z.object({ arn: optionalText, invokedBy: optionalText })),
  requestParameters: z.nullish(
    z.object({
      service: optionalText,
      serviceName: optionalText,
      cluster: optionalText,
      serviceDeploymentArn: optionalText,
      stopType: optionalText,
      hookId: optionalText,
      action: optionalText,
      deploymentConfiguration: z.nullish(z.looseObject({ strategy: optionalText })),
    }),
  ),
  responseElements: z.nullish(
    z.object({ service: z.nullish(serviceSchema), serviceDeploymentArn: optionalText }),
  ),
});
type Detail = z.output<typeof detailSchema>;

type CallTranslator = (envelope: Envelope, detail: Detail) => ObservedEvent;

/** Only controllers other than ECS's own make task sets. */
const taskSetCalls = /^(Create|Update|Delete|UpdateServicePrimary)TaskSet$/;

/** By the name of the operation. */
const translators: ReadonlyMap<string, CallTranslator> = new Map<string, CallTranslator>([
  ['CreateService', (envelope, detail) => serviceCall('ServiceCreated', envelope, detail)],
  ['UpdateService', (envelope, detail) => serviceCall('ServiceUpdated', envelope, detail)],
  ['DeleteService', serviceDeleted],
  ['StopServiceDeployment', serviceDeploymentStopped],
  ['ContinueServiceDeployment', serviceDeploymentContinued],
]);

/**
 * Translates *AWS API Call via CloudTrail*: who created, updated or deleted a service, and who
 * stopped or continued a service deployment. A call that failed is ignored: it changed nothing.
 */
export function translateApiCall(envelope: Envelope): Translation {
  const { eventName, errorCode } = envelope.detail;
  const translateCall = typeof eventName === 'string' ? translators.get(eventName) : undefined;
  if (typeof eventName === 'string' && translateCall === undefined) {
    const quiet = ignored(envelope, `${eventName} changes no service`);
    if (!taskSetCalls.test(eventName)) return quiet;
    return ignoredSign(quiet, 'taskSets', () => serviceOfCall(envelope, parseDetail(envelope, detailSchema)));
  }
  if (typeof errorCode === 'string') return ignored(envelope, `the call failed (${errorCode})`);
  const detail = parseDetail(envelope, detailSchema);
  if (translateCall === undefined) throw new InvalidNotificationError('detail.eventName is missing');
  return { kind: 'event', event: translateCall(envelope, detail) };
}

function serviceCall(
  type: 'ServiceCreated' | 'ServiceUpdated',
  envelope: Envelope,
  detail: Detail,
): ObservedEvent {
  // Whoever creates a service without naming a strategy gets this one.
  const byDefault = type === 'ServiceCreated' ? 'ROLLING' : null;
  const strategy = detail.requestParameters?.deploymentConfiguration?.strategy ?? byDefault;
  return {
    type,
    ...factOf(envelope, detail),
    ...callOf(detail),
    ...(strategy === null ? {} : { strategy }),
  };
}

function serviceDeleted(envelope: Envelope, detail: Detail): ObservedEvent {
  return { type: 'ServiceDeleted', ...factOf(envelope, detail), by: callerOf(detail) };
}

function serviceDeploymentStopped(envelope: Envelope, detail: Detail): ObservedEvent {
  return {
    type: 'ServiceDeploymentStopped',
    ...deploymentFactOf(envelope, detail),
    stopType: detail.requestParameters?.stopType ?? null,
  };
}

function serviceDeploymentContinued(envelope: Envelope, detail: Detail): ObservedEvent {
  const { hookId, action } = detail.requestParameters ?? {};
  return {
    type: 'ServiceDeploymentContinued',
    ...deploymentFactOf(envelope, detail),
    hookId: hookId ?? null,
    action: action ?? null,
  };
}

function factOf(envelope: Envelope, detail: Detail) {
  return {
    id: eventIdOf(envelope),
    service: serviceOfCall(envelope, detail),
    occurredAt: occurredAt(envelope, 'detail.eventTime', detail.eventTime),
  };
}

/** What every call that names a service deployment tells: the service is part of that ARN. */
function deploymentFactOf(envelope: Envelope, detail: Detail) {
  const { requestParameters, responseElements } = detail;
  const arn = requestParameters?.serviceDeploymentArn ?? responseElements?.serviceDeploymentArn;
  if (!arn) throw new InvalidNotificationError('detail.requestParameters.serviceDeploymentArn is missing');
  const serviceDeployment = serviceDeploymentFrom('detail.requestParameters.serviceDeploymentArn', arn);
  return {
    id: eventIdOf(envelope),
    service: serviceOfServiceDeployment(serviceDeployment),
    occurredAt: occurredAt(envelope, 'detail.eventTime', detail.eventTime),
    by: callerOf(detail),
    serviceDeployment,
  };
}

function callerOf({ userIdentity }: Detail): string | null {
  return userIdentity?.arn ?? userIdentity?.invokedBy ?? null;
}

function callOf(detail: Detail): ServiceCall {
  const service = detail.responseElements?.service;
  const primary = service?.deployments?.find((deployment) => deployment.status === 'PRIMARY');
  return {
    by: callerOf(detail),
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
  const partition = partitionOf(region, [detail.requestParameters?.cluster]);
  return serviceFrom(field, `arn:${partition}:ecs:${region}:${account}:service/${cluster}/${name}`);
}

/** ECS takes a cluster's name or its ARN; without either it means the cluster `default`. */
function clusterNameOf(cluster: string | null | undefined): string {
  return cluster ? cluster.slice(cluster.lastIndexOf('/') + 1) : 'default';
}
