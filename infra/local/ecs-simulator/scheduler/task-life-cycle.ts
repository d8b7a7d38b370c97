import type { Deployment } from '../deployment';
import { notifyTask } from '../notifications/task-notification';
import type { Service } from '../service';
import { createTask, isWanted, type Task, type TaskStatus, type TaskStop } from '../task';
import {
  essentialContainers,
  hasHealthCheck,
  healthyAfterSeconds,
  unhealthyAfterSeconds,
} from '../task-definition';
import { runAfter, type World } from '../world';
import { durations } from './durations';

/** What a task tells the one who wanted it. */
export interface TaskObserver {
  reachedRunning(task: Task): void;
  becameHealthy(task: Task): void;
  /** Its health check failed; it runs on until somebody stops it. */
  becameUnhealthy(task: Task): void;
  stopped(task: Task): void;
}

/**
 * Takes tasks from PROVISIONING to STOPPED, in the order of
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html, and tells of each step.
 */
export class TaskLifeCycle {
  readonly #world: World;
  readonly #observer: TaskObserver;

  constructor(world: World, observer: TaskObserver) {
    this.#world = world;
    this.#observer = observer;
  }

  launch(service: Service, deployment: Deployment): Task {
    const task = createTask(this.#world, service, deployment);
    notifyTask(this.#world, task);
    this.#next(task, 'provisioning', () => this.#pend(task));
    return task;
  }

  /** Begins to stop a task for the given reason. One that is on its way out already keeps its own reason. */
  stop(task: Task, stop: TaskStop): void {
    if (!isWanted(task)) return;
    const wasRunning = task.lastStatus === 'RUNNING';
    this.#giveUp(task, stop);
    this.#move(task, task.lastStatus);
    if (wasRunning) this.#next(task, 'deactivating', () => this.#deactivate(task));
    else this.#next(task, 'stopping', () => this.#deprovision(task));
  }

  #pend(task: Task): void {
    task.networkInterface.status = 'ATTACHED';
    task.connectivityAt = this.#world.clock.now();
    this.#move(task, 'PENDING');
    this.#next(task, 'pending', () => this.#pull(task));
  }

  #pull(task: Task): void {
    task.pullStartedAt = this.#world.clock.now();
    const failing = task.containers.find(({ definition }) => definition.behaviour.startFailure !== null);
    const failure = failing?.definition.behaviour.startFailure ?? null;
    if (failing === undefined || failure === null) {
      this.#next(task, 'pulling', () => this.#activate(task));
      return;
    }
    this.#next(task, 'failingToPull', () => {
      failing.reason = failure;
      task.pullStoppedAt = this.#world.clock.now();
      this.#giveUp(task, { stopCode: 'TaskFailedToStart', stoppedReason: failure });
      this.#deprovision(task);
    });
  }

  #activate(task: Task): void {
    task.pullStoppedAt = this.#world.clock.now();
    this.#move(task, 'ACTIVATING');
    this.#next(task, 'activating', () => this.#run(task));
  }

  #run(task: Task): void {
    task.startedAt = this.#world.clock.now();
    for (const container of task.containers) container.lastStatus = 'RUNNING';
    this.#move(task, 'RUNNING');
    this.#behave(task);
    this.#observer.reachedRunning(task);
  }

  #behave(task: Task): void {
    const healthyAfter = healthyAfterSeconds(task.taskDefinition);
    if (healthyAfter !== null) this.#at(task, healthyAfter, () => this.#becomeHealthy(task));
    const unhealthyAfter = unhealthyAfterSeconds(task.taskDefinition);
    if (unhealthyAfter !== null) this.#at(task, unhealthyAfter, () => this.#becomeUnhealthy(task));
    for (const { name, behaviour } of essentialContainers(task.taskDefinition)) {
      const { exit } = behaviour;
      if (exit !== null) this.#at(task, exit.afterSeconds, () => this.#exit(task, { name, code: exit.code }));
    }
  }

  #becomeHealthy(task: Task): void {
    task.isHealthy = true;
    if (hasHealthCheck(task.taskDefinition)) task.healthStatus = 'HEALTHY';
    this.#observer.becameHealthy(task);
  }

  #becomeUnhealthy(task: Task): void {
    task.isHealthy = false;
    task.healthStatus = 'UNHEALTHY';
    this.#observer.becameUnhealthy(task);
  }

  /** The container is gone at once; ECS learns of it, and acts, some seconds later. */
  #exit(task: Task, { name, code }: { name: string; code: number }): void {
    cancelScheduled(task);
    task.executionStoppedAt = this.#world.clock.now();
    for (const container of task.containers) {
      if (container.definition.name !== name) continue;
      container.lastStatus = 'STOPPED';
      container.exitCode = code;
    }
    this.#next(task, 'noticingExit', () => {
      this.#giveUp(task, {
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
      });
      this.#deprovision(task);
    });
  }

  #giveUp(task: Task, stop: TaskStop): void {
    cancelScheduled(task);
    task.desiredStatus = 'STOPPED';
    task.isHealthy = false;
    task.stop = stop;
  }

  #deactivate(task: Task): void {
    this.#move(task, 'DEACTIVATING');
    this.#next(task, 'stopping', () => {
      task.stoppingAt = this.#world.clock.now();
      this.#move(task, 'STOPPING');
      this.#next(task, 'terminating', () => this.#deprovision(task));
    });
  }

  #deprovision(task: Task): void {
    const now = this.#world.clock.now();
    task.stoppingAt ??= now;
    task.executionStoppedAt ??= now;
    for (const container of task.containers) {
      // 128 + SIGTERM. A container that never ran has no exit code.
      if (container.lastStatus === 'RUNNING') container.exitCode = 143;
      container.lastStatus = 'STOPPED';
    }
    this.#move(task, 'DEPROVISIONING');
    this.#next(task, 'detaching', () => {
      task.networkInterface.status = 'DELETED';
      this.#move(task, 'DEPROVISIONING');
      this.#next(task, 'deprovisioning', () => this.#finish(task));
    });
  }

  #finish(task: Task): void {
    task.stoppedAt = this.#world.clock.now();
    task.deployment.tasks.delete(task);
    this.#move(task, 'STOPPED');
    runAfter(this.#world, durations.keptAfterStop, () => task.service.cluster.tasks.delete(task.id));
    this.#observer.stopped(task);
  }

  #move(task: Task, status: TaskStatus): void {
    task.lastStatus = status;
    task.version += 1;
    task.updatedAt = this.#world.clock.now();
    notifyTask(this.#world, task);
  }

  #next(task: Task, step: keyof typeof durations.steps, run: () => void): void {
    const [least, most] = durations.steps[step];
    this.#at(task, this.#world.random.between(least, most), run);
  }

  #at(task: Task, seconds: number, run: () => void): void {
    task.scheduled.push(runAfter(this.#world, seconds, run));
  }
}

function cancelScheduled(task: Task): void {
  for (const cancel of task.scheduled) cancel();
  task.scheduled.length = 0;
}
