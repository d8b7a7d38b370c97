import type {
  DeploymentStarted,
  RewindEvent,
  ServiceCall,
  TaskChanged,
} from '../../../state-machines/events';
import {
  type DeploymentId,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/identifiers';
import { classify, describeStop, isFailure } from '../../../state-machines/stopped-task';
import { rewindAccessKey } from '../handler-environment';
import { tellDecision } from './decision-moments';
import type { Moment, Tone } from './moment';

/** Makes of the events of a service, in whatever order they are learnt, what a person wants to know of them. */
export class Narrator {
  readonly #taskDefinitions = new Map<DeploymentId, TaskDefinitionArn>();
  /** What has been told of each task: its notifications are many more than its turns. */
  readonly #told = new Set<string>();

  /** Null for an event that tells a person nothing new. */
  tell(event: RewindEvent): Moment | null {
    this.#learn(event);
    switch (event.type) {
      case 'ServiceCreated':
        return this.#tellCall(event, 'CreateService');
      case 'ServiceUpdated':
        return this.#tellCall(event, 'UpdateService');
      case 'ServiceDeleted':
        return moment(event, 'plain', () => 'DeleteService');
      case 'DeploymentStarted':
        return moment(event, 'plain', () => this.#startSentence(event));
      case 'DeploymentCompleted':
        return moment(event, 'good', () => `deployment of ${this.#nameOf(event.deployment)}: COMPLETED`);
      case 'DeploymentFailed': {
        const reason = event.reason === null ? '' : `; ${event.reason}`;
        return moment(event, 'bad', () => `deployment of ${this.#nameOf(event.deployment)}: FAILED${reason}`);
      }
      case 'TaskChanged':
        return this.#tellTask(event);
      case 'ServiceImpaired':
        return moment(event, 'bad', () => `${event.eventName}${event.reason ? `: ${event.reason}` : ''}`);
      case 'AlarmChanged':
        return moment(event, 'plain', () => `alarm ${event.alarmName} is ${event.state}`);
      default:
        return tellDecision(event, () => this.#nameOf(event.deployment));
    }
  }

  #learn(event: RewindEvent): void {
    if (!('taskDefinition' in event) || event.taskDefinition === null || event.deployment === null) return;
    this.#taskDefinitions.set(event.deployment, event.taskDefinition);
  }

  #nameOf(deployment: DeploymentId | null): string {
    const taskDefinition = deployment === null ? undefined : this.#taskDefinitions.get(deployment);
    return taskDefinition === undefined ? (deployment ?? 'the service') : shortTaskDefinition(taskDefinition);
  }

  /** A call of Rewind's own is told by what Rewind recorded of it. */
  #tellCall(event: RewindEvent & ServiceCall, operation: 'CreateService' | 'UpdateService'): Moment | null {
    if (event.by?.endsWith(`/${rewindAccessKey}`)) return null;
    const { taskDefinition } = event;
    const what = taskDefinition === null ? '' : ` with ${shortTaskDefinition(taskDefinition)}`;
    return { ...moment(event, 'plain', () => `${operation}${what}`), who: 'operator' };
  }

  #startSentence({ deployment, isRollback }: DeploymentStarted): string {
    const back = isRollback ? ', back to it' : '';
    return `deployment of ${this.#nameOf(deployment)}: IN_PROGRESS${back} (${deployment})`;
  }

  #tellTask(event: TaskChanged): Moment | null {
    const turn = turnOf(event);
    const key = `${event.task} ${turn}`;
    if (turn === null || this.#told.has(key)) return null;
    this.#told.add(key);
    const { tone, verb } = turn === 'stopped' ? stopOf(event) : { tone: 'detail' as const, verb: turn };
    const of = event.taskDefinition === null ? '' : ` of ${shortTaskDefinition(event.taskDefinition)}`;
    const kind = `${of} ${verb}`;
    const tell = (count: number) => `${count} task${count === 1 ? '' : 's'}${of} ${verb}`;
    return { ...moment(event, tone, tell), kind };
  }
}

function turnOf({ lastStatus, stopped }: TaskChanged): 'starting' | 'running' | 'stopped' | null {
  if (stopped !== null) return 'stopped';
  if (lastStatus === 'PROVISIONING' || lastStatus === 'PENDING') return 'starting';
  return lastStatus === 'RUNNING' ? 'running' : null;
}

function stopOf({ stopped }: TaskChanged): { readonly tone: Tone; readonly verb: string } {
  if (stopped === null) return { tone: 'detail', verb: 'stopped' };
  const taskClass = classify(stopped);
  if (taskClass === 'intended') return { tone: 'detail', verb: 'stopped, as intended' };
  const tone = isFailure(taskClass) ? 'bad' : 'plain';
  return { tone, verb: `stopped: ${taskClass} (${describeStop(stopped)})` };
}

function moment({ occurredAt }: RewindEvent, tone: Tone, tell: Moment['tell']): Moment {
  return { at: occurredAt, who: 'ECS', tone, kind: null, tell };
}
