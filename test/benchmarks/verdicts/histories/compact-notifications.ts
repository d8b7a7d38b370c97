import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { lastPartOf, type TaskDetail } from '../service/task-book';
import type { CompactHistory } from './compact-history';

const taskChange = 'ECS Task State Change';
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
   * The first notification, PENDING (it has a place), RUNNING, and each status on the way out but
   * those in which nothing new is said; of a task that is scaled away only the first and the last.
   */
  isNews({ desiredStatus, lastStatus, stoppedReason = '' }: TaskDetail): boolean {
    const isStopping = desiredStatus === 'STOPPED';
    const isScaled = stoppedReason.startsWith('Scaling activity');
    const isTold = this.#told.has(`${desiredStatus} ${lastStatus}`);
    const isFirstStop = isStopping && ![...this.#told].some((told) => told.startsWith('STOPPED'));
    const isNews =
      this.#told.size === 0 ||
      (!isTold && (lastStatus === 'PENDING' || lastStatus === 'RUNNING')) ||
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
  const causes = new Map<number, object>();
  const causeAt = (index: number) => {
    const known = causes.get(index) ?? JSON.parse(texts[index] ?? '{}');
    causes.set(index, known);
    return known;
  };
  const known = tasks.map((task) => taskFields(texts, task));
  for (const [order, change] of changes.entries()) {
    const [index, at, lastStatus, version, startedAt, cause] = change;
    const updatedAt = new Date(at).toISOString();
    const isStopping = cause !== -1;
    yield {
      version: '0',
      id: `${order}`,
      'detail-type': taskChange,
      source: 'aws.ecs',
      account: '123456789012',
      region: 'us-east-1',
      time: updatedAt,
      resources: [],
      detail: {
        ...known[index],
        version,
        updatedAt,
        lastStatus: texts[lastStatus],
        startedAt: startedAt === 0 ? undefined : new Date(startedAt).toISOString(),
        desiredStatus: isStopping ? 'STOPPED' : 'RUNNING',
        ...(isStopping ? causeAt(cause) : null),
      },
    };
  }
}

function taskFields(texts: CompactHistory['texts'], task: CompactHistory['tasks'][number]): object {
  const [id, startedBy, taskDefinition, zone, host, createdAt] = task;
  return {
    taskArn: `arn:aws:ecs:us-east-1:123456789012:task/prod/${id}`,
    clusterArn: cluster,
    group: 'service:web',
    taskDefinitionArn: texts[taskDefinition],
    availabilityZone: texts[zone],
    startedBy: texts[startedBy],
    createdAt: new Date(createdAt).toISOString(),
    ...(host === -1 ? { launchType: 'FARGATE' } : { launchType: 'EC2', containerInstanceArn: texts[host] }),
  };
}

/** The history as it was known up to that instant; what was told in its last second may lack. */
export function historyUpTo<History extends CompactHistory>(history: History, until: number): History {
  return {
    ...history,
    until,
    changes: history.changes.filter(([, at]) => at <= until),
    others: history.others.filter(({ time }) => Date.parse(String(time)) + 1000 <= until),
  };
}
