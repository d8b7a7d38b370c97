import { type Failure, failures, type Stop } from './failures';
import {
  arnOf,
  deploymentStateChange,
  type Service,
  serviceAction,
  serviceArnOf,
  type Task,
  type TaskReport,
  taskStateChange,
  updateServiceCall,
} from './notifications';
import { hexadecimal, pick, randomFrom, shuffle, wholeNumber } from './random';

export interface HistoryOptions {
  readonly services: number;
  /** A service. */
  readonly rollouts: number;
  readonly badPercent: number;
  /** So many of the good ones lose tasks before they hold, and bad ones have tasks that hold: a policy can err. None, if left out. */
  readonly flakyPercent?: number;
  /** About how many there will be in all. */
  readonly lines: number;
  readonly seed: number;
}

/** What is true of a rollout in a history, for a test to hold a judgement against. */
export interface TrueRollout {
  readonly service: string;
  readonly deployment: string;
  readonly taskDefinition: string;
  readonly isBad: boolean;
}

export interface GeneratedHistory {
  /** Notifications, in order of their time within each service. */
  readonly lines: readonly string[];
  readonly rollouts: readonly TrueRollout[];
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const beginning = Date.UTC(2026, 0, 1);

/** Lines that a rollout has besides those of its tasks. */
const linesOfRollout = 5;
/** Of a task's start, and as many of its end. */
const linesOfStart = 4;

/** A history in the documented shapes; the same for the same options. Bad rollouts fail in the ways that real ones do. */
export function history(options: HistoryOptions): GeneratedHistory {
  const { services, rollouts, lines, badPercent, seed } = options;
  // A good rollout stops the tasks of the good one before it; the first has none to stop, and a bad one stops none but its own.
  const share = 1 - badPercent / 100;
  const linesOfTask = linesOfStart * (1 + share * share * (1 - 1 / rollouts));
  const linesForTasks = lines / (services * rollouts) - linesOfRollout;
  const desiredCount = Math.max(3, Math.round(linesForTasks / linesOfTask));
  const bad = markSome({ length: services * rollouts, percent: badPercent, seed });
  const histories = Array.from({ length: services }, (_, index) => {
    const service = serviceOf(index, seed);
    const isBad = (rollout: number) => bad.has(index * rollouts + rollout);
    const flakiness = (options.flakyPercent ?? 0) / 100;
    return new ServiceHistory(service, { desiredCount, flakiness }).run(rollouts, isBad);
  });
  return {
    lines: histories.flatMap((each) => each.lines),
    rollouts: histories.flatMap((each) => each.rollouts),
  };
}

/** So many percent of the numbers from 0 to `length`, exactly, by chance. */
function markSome({ length, percent, seed }: { length: number; percent: number; seed: number }): Set<number> {
  const numbers = Array.from({ length }, (_, index) => index);
  return new Set(shuffle(numbers, randomFrom(seed)).slice(0, Math.round((length * percent) / 100)));
}

function serviceOf(index: number, seed: number): Service {
  const random = randomFrom(seed * 1_000_003 + index);
  return {
    region: index % 3 === 0 ? 'eu-west-1' : 'us-east-1',
    account: '111122223333',
    cluster: index % 2 === 0 ? 'prod' : 'staging',
    name: `service-${index}`,
    random,
  };
}

interface Deployed {
  readonly deployment: string;
  readonly taskDefinition: string;
}

/** Tells the history of one service, rollout after rollout. */
class ServiceHistory {
  private readonly lines: string[] = [];
  private readonly rollouts: TrueRollout[] = [];
  private readonly service: Service;
  private readonly desiredCount: number;
  private readonly flakiness: number;
  private running: Task[] = [];
  private current: Deployed | null = null;
  private at: number;

  constructor(service: Service, options: { readonly desiredCount: number; readonly flakiness: number }) {
    this.service = service;
    this.desiredCount = options.desiredCount;
    this.flakiness = options.flakiness;
    this.at = beginning + wholeNumber(service.random, 0, hour);
  }

  run(rollouts: number, isBad: (rollout: number) => boolean): GeneratedHistory {
    for (let rollout = 0; rollout < rollouts; rollout += 1) {
      this.rollOut(rollout + 1, isBad(rollout));
      // Longer than the bake, so that each rollout is over before the next one starts.
      this.at += 6 * hour;
      this.lines.push(serviceAction(this.service, { at: this.at, eventName: 'SERVICE_STEADY_STATE' }));
    }
    return { lines: this.lines, rollouts: this.rollouts };
  }

  private rollOut(revision: number, isBad: boolean): void {
    const { random, name } = this.service;
    const deployed: Deployed = {
      deployment: `ecs-svc/${wholeNumber(random, 1, 9)}${hexadecimal(random, 18).replace(/\D/g, '7')}`,
      taskDefinition: arnOf(this.service, `task-definition/${name}:${revision}`),
    };
    this.rollouts.push({ service: serviceArnOf(this.service), ...deployed, isBad });
    this.lines.push(updateServiceCall(this.service, { at: this.at, ...deployed }));
    this.start(deployed, `ECS deployment ${deployed.deployment} in progress.`);
    if (isBad) this.fail(deployed);
    else this.replaceTasks(deployed);
  }

  private start({ deployment }: Deployed, reason: string): void {
    this.wait(1, 3);
    this.deploymentEvent('SERVICE_DEPLOYMENT_IN_PROGRESS', deployment, reason);
  }

  private deploymentEvent(eventName: string, deployment: string, reason: string): void {
    this.lines.push(deploymentStateChange(this.service, { at: this.at, deployment, eventName, reason }));
  }

  private replaceTasks(deployed: Deployed): void {
    const before = this.running;
    if (this.isFlaky()) this.crash(deployed, wholeNumber(this.service.random, 1, 5));
    this.running = Array.from({ length: this.desiredCount }, () => this.startTask(deployed));
    // A task of the revision that is being replaced, and a task lost to the platform, say nothing against the new one.
    for (const task of before) this.stopTask(task, scaledIn(task));
    if (this.service.random() < 0.2) this.loseToSpot(deployed);
    this.wait(5, 30);
    this.current = deployed;
    const { deployment } = deployed;
    this.deploymentEvent(
      'SERVICE_DEPLOYMENT_COMPLETED',
      deployment,
      `ECS deployment ${deployment} completed.`,
    );
    this.lines.push(serviceAction(this.service, { at: this.at + 1, eventName: 'SERVICE_STEADY_STATE' }));
  }

  private isFlaky(): boolean {
    return this.flakiness > 0 && this.service.random() < this.flakiness;
  }

  private crash(deployed: Deployed, count: number, failure: Failure = failures[0]): void {
    for (let index = 0; index < count; index += 1) {
      this.stopTask(this.startTask(deployed, failure.hasRun), failure.stop);
    }
  }

  private loseToSpot(deployed: Deployed): void {
    const lost = this.running.pop();
    if (lost === undefined) return;
    this.stopTask(lost, { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' });
    this.running.push(this.startTask(deployed));
  }

  /** Tasks fail until the circuit breaker trips; ECS goes back to what it had completed, if there is such a thing. */
  private fail(deployed: Deployed): void {
    const failure = pick(this.service.random, failures);
    const threshold = Math.max(3, Math.ceil(this.desiredCount / 2));
    if (this.flakiness > 0) for (let count = 1; count < threshold; count += 1) this.startTask(deployed);
    this.crash(deployed, threshold, failure);
    const reason = 'ECS deployment circuit breaker: tasks failed to start.';
    this.deploymentEvent('SERVICE_DEPLOYMENT_FAILED', deployed.deployment, reason);
    if (this.current === null) return;
    const { deployment } = this.current;
    this.start(this.current, `ECS deployment circuit breaker: rolling back to deploymentId ${deployment}.`);
    this.wait(30, 90);
    this.deploymentEvent(
      'SERVICE_DEPLOYMENT_COMPLETED',
      deployment,
      `ECS deployment ${deployment} completed.`,
    );
  }

  private startTask(deployed: Deployed, hasRun = true): Task {
    const task: Task = {
      id: hexadecimal(this.service.random, 32),
      ...deployed,
      createdAt: this.at,
      startedAt: null,
      version: 0,
    };
    const statuses = ['PROVISIONING', 'PENDING', 'ACTIVATING', ...(hasRun ? ['RUNNING'] : [])];
    for (const lastStatus of statuses) this.report({ task, lastStatus });
    return task;
  }

  private stopTask(task: Task, stop: Stop): void {
    for (const lastStatus of ['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED']) {
      this.report({ task, lastStatus, stop });
    }
  }

  private report(report: Omit<TaskReport, 'at'>): void {
    this.wait(0, 3);
    this.lines.push(taskStateChange(this.service, { ...report, at: this.at }));
  }

  private wait(leastSeconds: number, mostSeconds: number): void {
    this.at += wholeNumber(this.service.random, leastSeconds * second + 1, mostSeconds * second);
  }
}

function scaledIn(task: Task): Stop {
  const stoppedReason = `Scaling activity initiated by (deployment ${task.deployment})`;
  return { stopCode: 'ServiceSchedulerInitiated', stoppedReason, exitCode: 143 };
}
