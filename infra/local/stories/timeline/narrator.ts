import { shortEventSentence } from '../../../../services/sentences/event-sentence';
import { counted } from '../../../../services/sentences/quantities';
import type { RolloutOpened } from '../../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../../state-machines/log/events';
import {
  type DeploymentId,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../../state-machines/log/identifiers';
import type {
  DeploymentCompleted,
  DeploymentFailed,
  DeploymentStarted,
  TaskChanged,
} from '../../../../state-machines/log/observed-events';
import { classify, describeStop, isFailure } from '../../../../state-machines/log/stopped-task';
import { isRollback } from '../../../../state-machines/rollout/rollout-context';
import { rewindAccessKey } from '../../aws/functions/handler-environment';
import { tellDecision } from './decision-moments';
import type { Moment, Tone } from './moment';

/**
 * Makes of the events of a service, in whatever order they are learnt, what a person wants to know
 * of them.
 */
export class Narrator {
  readonly #taskDefinitions = new Map<DeploymentId, TaskDefinitionArn>();
  /**
   * What has been told of each task and each deployment: notifications are many more than turns,
   * and the discovery may record a fact beside its notification.
   */
  readonly #told = new Set<string>();

  /** The stops that have been told in full: the next of the same kind are told in short. */
  readonly #explained = new Set<string>();
  /** Rollouts that Rewind judges by themselves: those that take another back are not baked. */
  readonly #judged = new Map<DeploymentId, RolloutOpened>();

  /** Nothing for an event that tells a person nothing new. */
  tell(event: RewindEvent): readonly Moment[] {
    this.#learn(event);
    switch (event.type) {
      case 'ServiceCreated':
      case 'ServiceUpdated':
      case 'ServiceDeploymentStopped':
      case 'ServiceDeploymentContinued':
        // A call of Rewind's own is told by what Rewind recorded of it.
        return event.by?.endsWith(`/${rewindAccessKey}`)
          ? []
          : [{ ...this.#momentOf(event, 'plain'), who: 'operator' }];
      case 'OperatorActed':
        return [{ ...this.#momentOf(event, 'plain'), who: 'operator' }];
      case 'DeploymentStarted':
        return this.#isNews(event) ? [this.#momentOf(event, 'plain')] : [];
      case 'ServiceDeleted':
      case 'HookChanged':
      case 'StageObserved':
      case 'AlarmChanged':
        return [this.#momentOf(event, 'plain')];
      case 'DeploymentCompleted':
        return this.#isNews(event) ? this.#tellCompletion(event) : [];
      case 'DeploymentFailed':
        return this.#isNews(event) ? [this.#momentOf(event, 'bad')] : [];
      case 'ServiceImpaired':
        return [this.#momentOf(event, 'bad')];
      case 'TaskChanged':
        return this.#tellTask(event);
      case 'StackProbed':
        return [];
      default:
        return tellDecision(event, {
          name: () => this.#nameOf(event.deployment),
          opening: this.#judged.get(event.deployment) ?? null,
        });
    }
  }

  #momentOf(event: Exclude<RewindEvent, TaskChanged>, tone: Tone): Moment {
    return moment(event, tone, () => shortEventSentence(event, (deployment) => this.#nameOf(deployment)));
  }

  #isNews({ type, deployment, occurredAt }: DeploymentStarted | DeploymentCompleted | DeploymentFailed) {
    const key = `${type} ${deployment} ${occurredAt}`;
    const isNews = !this.#told.has(key);
    this.#told.add(key);
    return isNews;
  }

  #learn(event: RewindEvent): void {
    if (event.type === 'RolloutOpened' && !isRollback(event)) this.#judged.set(event.deployment, event);
    if (event.type === 'DeploymentStarted' && event.isRollback) this.#judged.delete(event.deployment);
    if (
      event.type === 'OperatorActed' ||
      !('taskDefinition' in event) ||
      event.taskDefinition === null ||
      event.deployment === null
    )
      return;
    this.#taskDefinitions.set(event.deployment, event.taskDefinition);
  }

  #nameOf(deployment: DeploymentId | null): string {
    const taskDefinition = deployment === null ? undefined : this.#taskDefinitions.get(deployment);
    return taskDefinition === undefined ? (deployment ?? 'the service') : shortTaskDefinition(taskDefinition);
  }

  #tellCompletion(event: DeploymentCompleted): Moment[] {
    const completion = this.#momentOf(event, 'good');
    const opening = event.deployment === null ? undefined : this.#judged.get(event.deployment);
    if (opening === undefined) return [completion];
    const bake = moment(
      event,
      'plain',
      () => `bakes ${this.#nameOf(event.deployment)} for ${opening.policy.bakeSeconds} s`,
    );
    return [completion, { ...bake, who: 'Rewind' }];
  }

  #tellTask(event: TaskChanged): Moment[] {
    const turn = turnOf(event);
    const key = `${event.task} ${turn}`;
    if (turn === null || this.#told.has(key)) return [];
    this.#told.add(key);
    const of = event.taskDefinition === null ? '' : ` of ${shortTaskDefinition(event.taskDefinition)}`;
    const { tone, verb, why } =
      turn === 'stopped' ? stopOf(event) : { tone: 'detail' as const, verb: turn, why: '' };
    const kind = `${of} ${verb}${why}`;
    const tell = (count: number) => {
      const sentence = `${counted(count, 'task')}${of} ${verb}`;
      if (this.#explained.has(kind)) return sentence;
      this.#explained.add(kind);
      return `${sentence}${why}`;
    };
    return [{ ...moment(event, tone, tell), kind }];
  }
}

function turnOf({ lastStatus, stopped }: TaskChanged): 'starting' | 'running' | 'stopped' | null {
  if (stopped !== null) return 'stopped';
  if (lastStatus === 'PROVISIONING' || lastStatus === 'PENDING') return 'starting';
  return lastStatus === 'RUNNING' ? 'running' : null;
}

function stopOf({ stopped }: TaskChanged): {
  readonly tone: Tone;
  readonly verb: string;
  readonly why: string;
} {
  if (stopped === null) return { tone: 'detail', verb: 'stopped', why: '' };
  const taskClass = classify(stopped);
  if (taskClass === 'intended') return { tone: 'detail', verb: 'stopped, as intended', why: '' };
  const tone = isFailure(taskClass) ? 'bad' : 'plain';
  return { tone, verb: `stopped: ${taskClass}`, why: ` (${describeStop(stopped)})` };
}

function moment({ occurredAt }: RewindEvent, tone: Tone, tell: Moment['tell']): Moment {
  return { at: occurredAt, who: 'ECS', tone, kind: null, tell };
}
