import * as z from 'zod/mini';
import type { TaskChanged } from '../../state-machines/log/observed-events';
import { endTold, type StoppedContainer, type StoppedTask } from '../../state-machines/log/stopped-task';
import { deploymentOrNull, taskDefinitionOrNull } from './deployment-text';
import { type Envelope, eventIdOf, parseDetail } from './envelope';
import { occurredAt, optionalInstant } from './occurred-at';
import { InvalidNotificationError, parsePart } from './parse-part';
import { optionalNumber, optionalParts, optionalText, requiredText } from './plain-fields';
import { serviceInCluster } from './service-identity';
import { ignored, type Translation } from './translation';

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 * Real events lack any of the fields that are nullish here.
 */
const detailSchema = z.object({
  taskArn: optionalText,
  clusterArn: optionalText,
  taskDefinitionArn: optionalText,
  containerInstanceArn: optionalText,
  availabilityZone: optionalText,
  group: optionalText,
  startedBy: optionalText,
  lastStatus: requiredText,
  desiredStatus: optionalText,
  version: optionalNumber,
  createdAt: optionalText,
  startedAt: optionalText,
  updatedAt: optionalText,
});
type Detail = z.output<typeof detailSchema>;

/** What tells why a task stops; read only where it does. */
const stopSchema = z.object({
  stopCode: optionalText,
  stoppedReason: optionalText,
  containers: optionalParts,
});
const containerSchema = z.object({
  name: optionalText,
  exitCode: optionalNumber,
  reason: optionalText,
});

const serviceGroup = 'service:';

/** Translates *ECS Task State Change*; a task that belongs to no service is ignored. */
export function translateTaskStateChange(envelope: Envelope): Translation {
  const detail = parseDetail(envelope, detailSchema);
  if (!detail.group?.startsWith(serviceGroup)) {
    return ignored(envelope, `the task belongs to no service (${detail.group ?? 'it has no group'})`);
  }
  if (!detail.clusterArn) throw new InvalidNotificationError('detail.clusterArn is missing');
  const event: TaskChanged = {
    type: 'TaskChanged',
    id: eventIdOf(envelope),
    service: serviceInCluster(detail.clusterArn, detail.group.slice(serviceGroup.length)),
    occurredAt: occurredAt(envelope, 'detail.updatedAt', detail.updatedAt),
    task: taskIdOf(envelope, detail),
    version: detail.version ?? null,
    deployment: deploymentOrNull(detail.startedBy),
    taskDefinition: taskDefinitionOrNull(detail.taskDefinitionArn),
    lastStatus: detail.lastStatus,
    createdAt: optionalInstant(detail.createdAt),
    startedAt: optionalInstant(detail.startedAt),
    stopped: stoppedOf(envelope, detail),
    host: lastPart(detail.containerInstanceArn),
    ...(detail.availabilityZone ? { availabilityZone: detail.availabilityZone } : {}),
  };
  return { kind: 'event', event };
}

/**
 * The id at the end of the task's ARN, old form or new. Where the detail lacks it, the resource has
 * it.
 */
function taskIdOf(envelope: Envelope, detail: Detail): string {
  const arn = detail.taskArn ?? envelope.resources?.find((resource) => resource.includes(':task/'));
  const task = lastPart(arn);
  if (task === null) throw new InvalidNotificationError('detail.taskArn is missing');
  return task;
}

function lastPart(arn: string | null | undefined): string | null {
  return arn?.slice(arn.lastIndexOf('/') + 1) || null;
}

function stoppedOf(envelope: Envelope, { lastStatus, desiredStatus }: Detail) {
  const told = () => stopTold(envelope);
  return endTold({ lastStatus, desiredStatus: desiredStatus ?? null, told });
}

function stopTold(envelope: Envelope): StoppedTask {
  const { stopCode, stoppedReason, containers } = parseDetail(envelope, stopSchema);
  return {
    stopCode: stopCode ?? null,
    stoppedReason: stoppedReason ?? null,
    containers: (containers ?? []).map(containerToldOf),
  };
}

function containerToldOf(value: unknown, index: number): StoppedContainer {
  const at = ['detail', 'containers', index];
  const { name, exitCode, reason } = parsePart({ schema: containerSchema, value, at });
  return { name: name ?? 'unnamed', exitCode: exitCode ?? null, reason: reason ?? null };
}
