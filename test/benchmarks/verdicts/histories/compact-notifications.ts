import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { lastPartOf, type TaskDetail } from '../service/task-book';
import type { CompactHistory } from './compact-history';

const taskChange = 'ECS Task State Change';
const account = { account: '123456789012', region: 'us-east-1' } as const;
const cluster = 'arn:aws:ecs:us-east-1:123456789012:cluster/prod';

type Notifications = Pick<CompactHistory, 'texts' | 'tasks' | 'changes' | 'others'>;

/** Packs notifications as they come. */
export class NotificationPacker {
  readonly #texts = new Map<string, number>();
  readonly #tasks: CompactHistory['tasks'][number][] = [];
  readonly #changes: CompactHistory['changes'][number][] = [];
  readonly #others: Notification[] = [];
  readonly #known = new Map<string, TaskProgress>();

  take(notification: Notification): void {
    if (notification['detail-type'] === taskChange) this.#takeTask(notification);
    else this.#others.push(withoutAnswer(notification));
  }

  packed(): Notifications {
    const { texts, tasks, changes, others } = {
      texts: [...this.#texts.keys()],
      tasks: this.#tasks,
      changes: this.#changes,
      others: this.#others,
    };
    return { texts, tasks, changes, others };
  }

  #takeTask({ detail }: Notification): void {
    const task = detail as never as TaskDetail;
    const id = lastPartOf(task.taskArn);
    const progress = this.#known.get(id) ?? this.#add(id, task);
    if (!progress.isNews(task)) return;
    const isStopping = task.desiredStatus === 'STOPPED';
    this.#changes.push([
      progress.index,
      Date.parse(task.updatedAt),
      this.#index(task.lastStatus),
      task.version,
      task.startedAt === undefined ? 0 : Date.parse(task.startedAt),
      isStopping ? this.#index(causeOf(task)) : -1,
    ]);
    if (task.lastStatus === 'STOPPED') this.#known.delete(id);
  }

  #add(id: string, task: TaskDetail): TaskProgress {
    const progress = new TaskProgress(this.#tasks.length);
    this.#known.set(id, progress);
    const host = task.containerInstanceArn;
    this.#tasks.push([
      id,
      this.#index(task.startedBy),
      this.#index(task.taskDefinitionArn),
      this.#index(task.availabilityZone),
      host === undefined ? -1 : this.#index(host),
      Date.parse(task.createdAt),
    ]);
    return progress;
  }

  #index(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, this.#texts.size);
    return this.#texts.size - 1;
  }
}

/** Which changes of a task are told again in a compact history. */
class TaskProgress {
  readonly index: number;
  readonly #told = new Set<string>();

  constructor(index: number) {
    this.index = index;
  }

  /**
   * The first notification, RUNNING, and each status on the way out but those in which nothing
   * new is said; of a task that is scaled away only the first and the last.
   */
  isNews({ desiredStatus, lastStatus, stoppedReason = '' }: TaskDetail): boolean {
    const isStopping = desiredStatus === 'STOPPED';
    const isScaled = stoppedReason.startsWith('Scaling activity');
    const isTold = this.#told.has(`${desiredStatus} ${lastStatus}`);
    const isFirstStop = isStopping && ![...this.#told].some((told) => told.startsWith('STOPPED'));
    const isNews =
      this.#told.size === 0 ||
      (!isTold && lastStatus === 'RUNNING') ||
      (isStopping &&
        !isTold &&
        (isFirstStop || lastStatus === 'STOPPED' || !(isScaled || lastStatus === 'STOPPING')));
    if (isNews) this.#told.add(`${desiredStatus} ${lastStatus}`);
    return isNews;
  }
}

function causeOf({ stopCode, stoppedReason, containers }: TaskDetail): string {
  const told = containers.map(({ name, exitCode, reason }) => ({ name, exitCode, reason }));
  return JSON.stringify({ stopCode, stoppedReason, containers: told });
}

/** A call's answer shows the whole service. What a rollout is told by is kept. */
function withoutAnswer(notification: Notification): Notification {
  const { responseElements } = notification.detail as {
    responseElements?: { service?: { serviceArn: string; taskDefinition: string; deployments: object[] } };
  };
  const service = responseElements?.service;
  if (service === undefined) return notification;
  const { serviceArn, taskDefinition, deployments } = service;
  const kept = { service: { serviceArn, taskDefinition, deployments } };
  return { ...notification, detail: { ...notification.detail, responseElements: kept } };
}

/** The notifications again, in the documented form, with only what was kept of them. */
export function* unpacked({ texts, tasks, changes, others }: Notifications): Generator<unknown> {
  yield* others;
  for (const [order, change] of changes.entries()) {
    const [index, at, lastStatus, version, startedAt, cause] = change;
    const [id, startedBy, taskDefinition, zone, host, createdAt] = tasks[index] ?? [];
    if (id === undefined) continue;
    const text = (which = -1) => texts[which] ?? '';
    const taskArn = `arn:aws:ecs:us-east-1:123456789012:task/prod/${id}`;
    const updatedAt = new Date(at).toISOString();
    yield {
      ...{ version: '0', id: `${order}`, 'detail-type': taskChange, source: 'aws.ecs', ...account },
      ...{ time: updatedAt, resources: [taskArn] },
      detail: {
        ...{ taskArn, clusterArn: cluster, group: 'service:web', version, updatedAt },
        taskDefinitionArn: text(taskDefinition),
        availabilityZone: text(zone),
        ...(host === -1
          ? { launchType: 'FARGATE' }
          : { launchType: 'EC2', containerInstanceArn: text(host) }),
        startedBy: text(startedBy),
        createdAt: new Date(createdAt ?? at).toISOString(),
        ...(startedAt === 0 ? {} : { startedAt: new Date(startedAt).toISOString() }),
        lastStatus: text(lastStatus),
        ...(cause === -1
          ? { desiredStatus: 'RUNNING', containers: [] }
          : { desiredStatus: 'STOPPED', ...JSON.parse(text(cause)) }),
      },
    };
  }
}
