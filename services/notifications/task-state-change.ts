import * as z from 'zod/mini';
import type { TaskChanged } from '../../state-machines/log/observed-events';
import { endTold } from '../../state-machines/log/stopped-task';
import { deploymentOrNull, taskDefinitionOrNull } from './deployment-text';
import { type Envelope, eventIdOf, parseDetail } from './envelope';
import { occurredAt, optionalInstant } from './occurred-at';
import { InvalidNotificationError, optionalNumber, optionalText } from './parse-part';
import { serviceInCluster } from './service-identity';
import { ignored, type Translation } from './translation';

const containerSchema = z.object({
  name: optionalText,
  exitCode: optionalNumber,
  reason: optionalText,
});

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
  lastStatus: z.string(),
  desiredStatus: optionalText,
  version: optionalNumber,
  createdAt: optionalText,
  startedAt: optionalText,
  updatedAt: optionalText,
  stopCode: optionalText,
  stoppedReason: optionalText,
  containers: z.nullish(z.array(containerSchema)),
});
type Detail = z.output<typeof detailSchema>;

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
    stopped: stoppedOf(detail),
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

function stoppedOf({ lastStatus, desiredStatus, stopCode, stoppedReason, containers }: Detail) {
  return endTold({
    lastStatus,
    desiredStatus: desiredStatus ?? null,
    told: () => ({
      stopCode: stopCode ?? null,
      stoppedReason: stoppedReason ?? null,
      containers: (containers ?? []).map(({ name, exitCode, reason }) => ({
        name: name ?? 'unnamed',
        exitCode: exitCode ?? null,
        reason: reason ?? null,
      })),
    }),
  });
}
