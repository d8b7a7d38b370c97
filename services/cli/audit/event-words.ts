import type { DecidedEvent, RewindEvent, ServiceCall, TaskChanged } from '../../../state-machines/events';
import { isDecided } from '../../../state-machines/events';
import {
  formatInstant,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/identifiers';
import { classify, describeStop } from '../../../state-machines/stopped-task';

/** Who speaks in an event, and what they say. */
export interface Words {
  readonly who: string;
  readonly what: string;
}

export function wordsOfEvent(event: RewindEvent): Words {
  if (isDecided(event)) return { who: 'Rewind', what: wordsOfDecision(event) };
  switch (event.type) {
    case 'DeploymentStarted':
      return { who: 'ECS', what: `deployment IN_PROGRESS${event.isRollback ? ', as a rollback' : ''}` };
    case 'DeploymentCompleted':
      return { who: 'ECS', what: 'deployment COMPLETED' };
    case 'DeploymentFailed':
      return { who: 'ECS', what: `deployment FAILED: ${event.reason ?? 'no reason given'}` };
    case 'TaskChanged':
      return { who: 'ECS', what: wordsOfTask(event) };
    case 'ServiceImpaired':
      return { who: 'ECS', what: `${event.eventName}${event.reason === null ? '' : `: ${event.reason}`}` };
    case 'ServiceCreated':
      return { who: callerOf(event), what: `CreateService${targetOf(event)}` };
    case 'ServiceUpdated':
      return { who: callerOf(event), what: `UpdateService${targetOf(event)}` };
    case 'ServiceDeleted':
      return { who: callerOf(event), what: 'DeleteService' };
    case 'AlarmChanged':
      return { who: 'CloudWatch', what: `alarm ${event.alarmName} ${event.state}` };
    case 'StackProbed':
      return { who: 'doctor', what: 'a probe of the stack' };
    default:
      return event satisfies never;
  }
}

/** The last part of a caller's ARN says most: `deployer`, `AWSServiceRoleForECS`. */
function callerOf({ by }: Pick<ServiceCall, 'by'>): string {
  return by === null ? 'somebody' : (by.split('/').at(-1) ?? by);
}

function targetOf({ taskDefinition, deployment }: ServiceCall): string {
  const made = deployment === null ? '' : `, which made ${deployment}`;
  return `${taskDefinition === null ? '' : ` to ${shortTaskDefinition(taskDefinition)}`}${made}`;
}

function wordsOfTask({ task, lastStatus, stopped }: TaskChanged): string {
  const short = task.slice(task.lastIndexOf('/') + 1).slice(0, 8);
  const how = stopped === null ? '' : `: ${classify(stopped)}: ${describeStop(stopped)}`;
  return `task ${short} ${lastStatus}${how}`;
}

function wordsOfDecision(event: DecidedEvent): string {
  switch (event.type) {
    case 'RolloutOpened': {
      const { stable, policy } = event;
      const alarms = policy.alarms.length === 0 ? '' : `, alarms ${policy.alarms.join(', ')}`;
      return `takes the rollout up; stable is ${nameOf(stable)}; policy ${event.madeWith.policyVersion}: ${policy.mode}, more than ${policy.failurePercent} % and at least ${policy.minimumFailures} failed tasks fail it, bake ${policy.bakeSeconds} s${alarms}`;
    }
    case 'AlarmsChecked':
      return `asks the alarms: ${event.alarms.map(({ alarm, state }) => `${alarm} ${state}`).join(', ')}`;
    case 'BakeElapsed':
      return 'the bake is over';
    case 'DeadlineElapsed':
      return 'the deadline has passed';
    case 'VerdictReached':
      return `verdict ${event.verdict.result} (${event.verdict.reason}): ${event.verdict.message}; tipped by ${event.verdict.eventId}`;
    case 'RollbackRequested':
      return `requests the rollback to ${nameOf(event.target)}: attempt ${event.attempt} by ${event.owner}, until ${timeOf(event.leaseUntil)}`;
    case 'RollbackIssued':
      return `called ${event.method} to ${nameOf(event.target)}; request id ${event.requestId ?? 'not told'}${event.rollbackDeployment === null ? '' : `; goes on as ${event.rollbackDeployment}`}`;
    case 'RollbackRejected':
      return `does not roll back: ${event.reason}: ${event.message}`;
    case 'RollbackAdopted':
      return `adopts the rollback to ${nameOf(event.target)}, by ${event.by}`;
    case 'RolloutConcluded':
      return `concludes: ${event.outcome} (${event.reason})`;
    default:
      return event satisfies never;
  }
}

function nameOf(taskDefinition: TaskDefinitionArn | null): string {
  return taskDefinition === null ? 'nothing yet' : shortTaskDefinition(taskDefinition);
}

function timeOf(instant: Parameters<typeof formatInstant>[0]): string {
  return formatInstant(instant).slice(11, 19);
}
