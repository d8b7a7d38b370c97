import type { AlarmReading } from '../../state-machines/log/decided-events';
import type { RewindEvent } from '../../state-machines/log/events';
import { shortTaskDefinition, type TaskDefinitionArn } from '../../state-machines/log/identifiers';
import type { ServiceCall, TaskChanged } from '../../state-machines/log/observed-events';

/** Who told of an event. */
export function tellerOf(event: RewindEvent): string {
  if ('madeWith' in event) return 'Rewind';
  if (event.type === 'AlarmChanged') return 'CloudWatch';
  return event.type.startsWith('Service') && 'by' in event ? 'CloudTrail' : 'ECS';
}

/** What an event says, in a few words; what a notification quotes is quoted as it is. */
export function sentenceOf(event: Exclude<RewindEvent, TaskChanged>): string {
  switch (event.type) {
    case 'DeploymentStarted':
      return `deployment ${event.deployment} is in progress${event.isRollback ? ', a rollback' : ''}`;
    case 'DeploymentCompleted':
      return `${event.deployment ?? 'the deployment'} is complete`;
    case 'DeploymentFailed':
      return `${event.deployment ?? 'the deployment'} failed: ${event.reason ?? 'no reason given'}`;
    case 'ServiceImpaired':
      return `${event.eventName}${event.reason === null ? '' : `: ${event.reason}`}`;
    case 'ServiceCreated':
      return callOf('CreateService', event);
    case 'ServiceUpdated':
      return callOf('UpdateService', event);
    case 'ServiceDeleted':
      return `DeleteService by ${event.by ?? 'an unknown caller'}`;
    case 'StackProbed':
      return 'a probe of whether notifications arrive';
    case 'AlarmChanged':
      return `alarm ${event.alarmName} went from ${event.previousState ?? '(unknown)'} to ${event.state}`;
    default:
      return decisionOf(event);
  }
}

function decisionOf(event: Extract<RewindEvent, { madeWith: unknown }>): string {
  switch (event.type) {
    case 'RolloutOpened':
      return `took the rollout up; ${nameOf(event.stable) ?? 'nothing'} is stable`;
    case 'AlarmsChecked':
      return `asked for the alarms: ${event.alarms.map(readingOf).join(', ') || 'the policy names none'}`;
    case 'BakeElapsed':
      return 'the bake is over';
    case 'DeadlineElapsed':
      return 'the deadline has passed';
    case 'VerdictReached':
      return `verdict ${event.verdict.result} (${event.verdict.reason}): ${event.verdict.message}`;
    case 'RollbackRequested':
      return `requests the rollback to ${nameOf(event.target)}, attempt ${event.attempt}`;
    case 'RollbackIssued':
      return `calls ${event.method}, and ECS accepts it (request ${event.requestId ?? 'unknown'})`;
    case 'RollbackRejected':
      return `cannot roll back: ${event.reason}: ${event.message}`;
    case 'RollbackAdopted':
      return `adopts the rollback by ${event.by}: nothing is written to ECS`;
    case 'RolloutConcluded':
      return `concludes: ${event.outcome} (${event.reason})`;
    default:
      return event satisfies never;
  }
}

function callOf(operation: string, { by, taskDefinition }: ServiceCall): string {
  const what = taskDefinition === null ? '' : ` with ${nameOf(taskDefinition)}`;
  return `${operation}${what} by ${by ?? 'an unknown caller'}`;
}

function readingOf({ alarm, state }: AlarmReading): string {
  return `${alarm} ${state}`;
}

function nameOf(taskDefinition: TaskDefinitionArn | null): string | null {
  return taskDefinition === null ? null : shortTaskDefinition(taskDefinition);
}
