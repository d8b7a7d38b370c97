import type { RecordedEvent } from '../../../services/event-log/event-log';
import type { RollbackRequested, VerdictReached } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { EventId, ServiceArn } from '../../../state-machines/log/identifiers';
import {
  parseDeploymentId,
  parseServiceArn,
  parseTaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { instantFrom } from '../../../state-machines/log/instant';
import type { TaskChanged } from '../../../state-machines/log/observed-events';
import { decisionIdAfter } from '../../../state-machines/log/position';
import { reducerVersion } from '../../../state-machines/log/reducer-version';
import { rolloutKey } from '../../../state-machines/log/rollout-id';
import { fargateTaskNotification } from './fargate-task-notification';

const ecs = 'arn:aws:ecs:eu-central-1:481516234207';

/** A service that no other test of the file uses. */
export function newService(name = `service-${++services}`) {
  return parseServiceArn(`${ecs}:service/storefront-prod/${name}`);
}
let services = 0;

/** A small event that nobody notified. */
export function recordedAt(
  instant: number,
  overrides: Partial<Pick<RewindEvent, 'service'>> & { id?: string; notification?: string | null } = {},
): RecordedEvent {
  const { notification = null, service = newService(), id = 'event' } = overrides;
  return {
    event: {
      type: 'DeploymentStarted',
      id: id as EventId,
      service,
      occurredAt: instant as Instant,
      deployment: parseDeploymentId('ecs-svc/3870164925518302746'),
      isRollback: false,
    },
    recordedAt: instantFrom(Math.abs(instant) + 1_250),
    notification,
  };
}

/** What ingest records of a typical notification. */
export function recordedTask(lastStatus: 'RUNNING' | 'STOPPED'): RecordedEvent {
  const notification = fargateTaskNotification(lastStatus);
  const { id, detail } = JSON.parse(notification);
  const [container] = detail.containers;
  const stopped = {
    stopCode: detail.stopCode,
    stoppedReason: detail.stoppedReason,
    containers: [{ name: container.name, exitCode: container.exitCode, reason: null }],
  };
  const event: TaskChanged = {
    type: 'TaskChanged',
    id,
    service: newService('checkout-api'),
    occurredAt: instantFrom(Date.parse(detail.updatedAt)),
    task: detail.taskArn,
    version: detail.version,
    deployment: parseDeploymentId(detail.startedBy),
    taskDefinition: parseTaskDefinitionArn(detail.taskDefinitionArn),
    lastStatus,
    createdAt: instantFrom(Date.parse(detail.createdAt)),
    startedAt: instantFrom(Date.parse(detail.startedAt)),
    stopped: lastStatus === 'STOPPED' ? stopped : null,
  };
  return { event, recordedAt: instantFrom(event.occurredAt + 2_417), notification };
}

/** The verdict on a rollout, tipped by an event at an instant. */
export function recordedVerdict(
  tipped: { readonly eventId: string; readonly at: number; readonly startedAt?: number },
  service: ServiceArn,
): RecordedEvent {
  const { event, recordedAt } = recordedDecision({ attempt: 1 }, service);
  const { deployment, madeWith } = event as RollbackRequested;
  const [at, eventId] = [instantFrom(tipped.at), tipped.eventId as EventId];
  const startedAt = instantFrom(tipped.startedAt ?? 1_699_999_000_000);
  const verdict: VerdictReached = {
    type: 'VerdictReached',
    id: decisionIdAfter(eventId, `${rolloutKey({ deployment, startedAt })}.1.VerdictReached`),
    service,
    occurredAt: at,
    deployment,
    startedAt,
    madeWith: { ...madeWith, reducerVersion },
    verdict: { result: 'failed', reason: 'TaskFailures', message: eventId, at, eventId },
  };
  return { event: verdict, recordedAt, notification: null };
}

/** A decision that the log has not seen yet. */
export function recordedDecision(
  { attempt }: { readonly attempt: number },
  service = newService('web'),
): RecordedEvent {
  const event: RollbackRequested = {
    type: 'RollbackRequested',
    id: `cause~${attempt}` as EventId,
    service,
    occurredAt: instantFrom(1_700_000_000_000),
    deployment: parseDeploymentId('ecs-svc/3870164925518302746'),
    startedAt: instantFrom(1_699_999_000_000),
    madeWith: { reducerVersion: 2, policyVersion: '00000000', eventsSeen: 9, after: [] },
    attempt,
    owner: 'owner',
    requestedAt: instantFrom(1_700_000_001_000),
    leaseUntil: instantFrom(1_700_000_061_000),
    target: parseTaskDefinitionArn(`${ecs}:task-definition/web:1`),
  };
  return { event, recordedAt: instantFrom(1_700_000_001_250), notification: null };
}
