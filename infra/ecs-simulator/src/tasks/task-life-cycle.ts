import type { ExitCause } from '../configuration/behaviours';
import {
  createTask,
  isWanted,
  type Task,
  type TaskContainer,
  type TaskOrigin,
  type TaskStatus,
  type TaskStop,
} from '../model/task';
import { runAfter, type World } from '../model/world';
import { notifyTask } from '../notifications/task-notification';
import { chooseBehaviours } from './chosen-behaviour';
import { writeLastLines } from './container-output';
import { durations, failingSteps } from './durations';
import { type HealthTimes, hasHealthCheck, healthTimesOf } from './task-health';

/** What a task tells the one who wanted it. */
export interface TaskObserver {
  reachedRunning(task: Task): void;
  becameHealthy(task: Task): void;
  /** A health check failed; it runs on until somebody stops it. */
  becameUnhealthy(task: Task, check: 'container' | 'load balancer'): void;
  stopped(task: Task): void;
}

/**
 * Takes tasks from PROVISIONING to STOPPED, in the order of
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html, and
 * tells of each step.
 */
export class TaskLifeCycle {
  readonly #world: World;
  readonly #observer: TaskObserver;

  constructor(world: World, observer: TaskObserver) {
    this.#world = world;
    this.#observer = observer;
  }

  launch(origin: TaskOrigin): Task {
    const task = createTask(this.#world, origin);
    notifyTask(this.#world, task);
    this.#next(task, 'provisioning', () => this.#pend(task));
    return task;
  }

  /**
   * Begins to stop a task for the given reason. One that is on its way out already keeps its own
   * reason.
   */
  stop(task: Task, stop: TaskStop): void {
    if (!isWanted(task)) return;
    const wasRunning = task.lastStatus === 'RUNNING';
    this.#giveUp(task, stop);
    this.#move(task, task.lastStatus);
    if (wasRunning) this.#next(task, 'deactivating', () => this.#deactivate(task));
    else this.#next(task, 'stopping', () => this.#deprovision(task));
  }

  /** The host is gone, and the containers with it: there is nothing left to stop. */
  lose(task: Task, stop: TaskStop): void {
    if (!isWanted(task)) return;
    this.#giveUp(task, stop);
    task.connectivity = 'DISCONNECTED';
    this.#deprovision(task);
  }

  /**
   * The container agent is lost and found: the task runs on, and each is told as a change of it.
   */
  disconnect(task: Task, seconds: number): void {
    if (!isWanted(task)) return;
    this.#connect(task, 'DISCONNECTED');
    runAfter(this.#world, seconds, () => {
      if (isWanted(task)) this.#connect(task, 'CONNECTED');
    });
  }

  /** Its essential containers exit; nothing happens to a task that does not run. */
  exit(task: Task, exit: ExitCause): void {
    const container = task.containers.find(({ definition }) => definition.isEssential);
    if (container?.lastStatus === 'RUNNING' && isWanted(task)) this.#exit(task, container, exit);
  }

  #connect(task: Task, connectivity: Task['connectivity']): void {
    task.connectivity = connectivity;
    task.connectivityAt = this.#world.clock.now();
    this.#move(task, task.lastStatus);
  }

  #pend(task: Task): void {
    task.networkInterface.status = 'ATTACHED';
    task.connectivityAt = this.#world.clock.now();
    this.#move(task, 'PENDING');
    this.#next(task, 'pending', () => this.#pull(task));
  }

  #pull(task: Task): void {
    chooseBehaviours(this.#world, task);
    const failing = task.containers.find(({ behaviour }) => behaviour.startFailure !== null);
    const failure = failing?.behaviour.startFailure ?? null;
    // Secrets and the registry's authorisation come before the pull.
    if (failure === null || failure.during === 'pulling') task.pullStartedAt = this.#world.clock.now();
    if (failing === undefined || failure === null) {
      this.#next(task, 'pulling', () => this.#activate(task));
      return;
    }
    this.#next(task, failingSteps[failure.during], () =>
      this.#failToStart(task, { failing, reason: failure.reason }),
    );
  }

  #failToStart(task: Task, { failing, reason }: { failing: TaskContainer; reason: string }): void {
    // The docs show a resource's failure on the task, a container's on both.
    if (task.pullStartedAt !== null) {
      failing.reason = reason;
      task.pullStoppedAt = this.#world.clock.now();
    }
    this.#giveUp(task, { stopCode: 'TaskFailedToStart', stoppedReason: reason });
    this.#deprovision(task);
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
    chooseBehaviours(this.#world, task);
    this.#behave(task, healthTimesOf(task, this.#world.random));
    this.#observer.reachedRunning(task);
  }

  #behave(task: Task, times: HealthTimes): void {
    const at = (seconds: number | null, run: () => void) => seconds !== null && this.#at(task, seconds, run);
    at(times.healthyAfter, () => this.#becomeHealthy(task));
    at(times.containerFailsAfter, () => this.#becomeUnhealthy(task, 'container'));
    at(times.loadBalancerFailsAfter, () => this.#becomeUnhealthy(task, 'load balancer'));
    for (const container of task.containers) {
      const { exit } = container.behaviour;
      if (exit !== null && container.definition.isEssential) {
        this.#at(task, exit.afterSeconds, () => this.#exit(task, container, exit));
      }
    }
  }

  #becomeHealthy(task: Task): void {
    task.isHealthy = true;
    if (hasHealthCheck(task)) task.healthStatus = 'HEALTHY';
    this.#observer.becameHealthy(task);
  }

  #becomeUnhealthy(task: Task, check: 'container' | 'load balancer'): void {
    task.isHealthy = false;
    if (check === 'container') task.healthStatus = 'UNHEALTHY';
    this.#observer.becameUnhealthy(task, check);
  }

  /** The container is gone at once; ECS learns of it, and acts, some seconds later. */
  #exit(task: Task, container: TaskContainer, { code, reason }: ExitCause): void {
    cancelScheduled(task);
    writeLastLines(this.#world, task, container);
    task.executionStoppedAt = this.#world.clock.now();
    container.lastStatus = 'STOPPED';
    container.exitCode = code;
    container.reason = reason;
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

  /**
   * A target is drained before its container is told to stop: connections have the deregistration
   * delay to end.
   */
  #deactivate(task: Task): void {
    this.#move(task, 'DEACTIVATING');
    this.#next(task, task.targetGroups.length > 0 ? 'draining' : 'stopping', () => {
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
      // 128 + SIGTERM. A container that never ran has no exit code, nor one of which nobody can
      // tell any more.
      if (container.lastStatus === 'RUNNING' && task.connectivity === 'CONNECTED') container.exitCode = 143;
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
    task.owner?.deployment.tasks.delete(task);
    this.#move(task, 'STOPPED');
    runAfter(this.#world, durations.keptAfterStop, () => task.cluster.tasks.delete(task.id));
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
