import { type Instant, secondsAfter } from '../../../../state-machines/identifiers';
import { notifyServiceAction } from '../notifications/service-notification';
import { addMessage, primaryOf, type Service, tasksOf } from '../service';
import { currentServiceDeployment, type ServiceDeployment, setStatus } from '../service-deployment';
import { isWanted, type Task, type TaskStop } from '../task';
import type { TaskDefinition } from '../task-definition';
import { runAfter, type World } from '../world';
import { forgiveFailures, isTripped } from './circuit-breaker';
import { durations } from './durations';
import { abandon, rollBack, tripBreaker } from './rollback';
import { isRolledOut, planRolling } from './rolling-plan';
import { completeRollout, openRollout } from './rollout';
import { serviceMessages } from './service-messages';
import { clearThrottle, throttledUntil, throttleStarts } from './start-throttle';
import { TaskLifeCycle, type TaskObserver } from './task-life-cycle';

/**
 * Brings services to what is desired of them. It looks at a service when something about it has changed, and at no other time: many
 * changes in a short time are one look ("pass").
 */
export class ServiceScheduler implements TaskObserver {
  readonly #world: World;
  readonly #tasks: TaskLifeCycle;

  constructor(world: World) {
    this.#world = world;
    this.#tasks = new TaskLifeCycle(world, this);
  }

  /** Starts a rollout of the task definition with the service's current parameters, in place of any that is under way. */
  startRollout(service: Service, taskDefinition: TaskDefinition): void {
    const { opened, superseded } = openRollout(this.#world, service, taskDefinition);
    this.#soon(() => {
      if (superseded !== null) {
        const reason = 'Service deployment stopped because a newer one started.';
        setStatus(this.#world, superseded, { status: 'STOPPED', reason });
      }
      if (opened.status !== 'PENDING') return;
      setStatus(this.#world, opened, { status: 'IN_PROGRESS' });
      this.wake(service);
    });
  }

  /** Asks for the rollback of a service deployment under way; one that is being stopped or rolled back already goes on. */
  requestRollback(serviceDeployment: ServiceDeployment): 'requested' | 'already under way' {
    const { status } = serviceDeployment;
    if (status !== 'PENDING' && status !== 'IN_PROGRESS') return 'already under way';
    setStatus(this.#world, serviceDeployment, { status: 'ROLLBACK_REQUESTED' });
    this.#soon(() => this.#rollBack(serviceDeployment, 'stopped'));
    return 'requested';
  }

  stopTask(task: Task, stop: TaskStop): void {
    this.#tasks.stop(task, stop);
    this.wake(task.service);
  }

  /** Makes sure that a pass comes, at the latest after a few seconds or at the given instant. */
  wake(service: Service, at?: Instant): void {
    const { clock, random } = this.#world;
    const due = at ?? secondsAfter(clock.now(), random.between(...durations.pass));
    if (service.nextPass !== null && service.nextPass.at <= due) return;
    service.nextPass?.cancel();
    service.nextPass = { at: due, cancel: clock.schedule(due, () => this.#pass(service)) };
  }

  reachedRunning(task: Task): void {
    clearThrottle(task.deployment);
  }

  becameHealthy(task: Task): void {
    forgiveFailures(task.service, task.deployment);
    this.wake(task.service);
  }

  becameUnhealthy(task: Task): void {
    const { service } = task;
    service.unhealthyTasks += 1;
    addMessage(this.#world, service, serviceMessages.unhealthy(task));
    this.stopTask(task, {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
    });
    this.#countFailure(task);
  }

  stopped(task: Task): void {
    const stopCode = task.stop?.stopCode;
    if (stopCode === 'TaskFailedToStart') this.#slowDown(task, task.stop?.stoppedReason ?? '');
    if (stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited') this.#countFailure(task);
    this.wake(task.service);
  }

  #pass(service: Service): void {
    service.nextPass = null;
    if (service.status !== 'ACTIVE') {
      this.#drain(service);
      return;
    }
    // Nothing moves before a service deployment starts, nor between the request of a rollback and the rollback, or the deployment
    // could still complete under it. Both end with a wake.
    const status = currentServiceDeployment(service)?.status;
    if (status === 'PENDING' || status === 'ROLLBACK_REQUESTED') return;
    dropDrained(service);
    const plan = planRolling(service);
    this.#stopAll(service, plan.stop);
    this.#startTasks(service, plan.start);
    if (plan.isBlocked) this.#tellBlocked(service);
    if (!isRolledOut(service)) this.#leaveSteadyState(service);
    else if (primaryOf(service).rolloutState === 'COMPLETED') this.#enterSteadyState(service);
    else if (primaryOf(service).rolloutState === 'IN_PROGRESS') this.#complete(service);
  }

  #complete(service: Service): void {
    completeRollout(this.#world, service);
    // ECS writes "completed" and "steady state" 1 ms apart.
    this.wake(service, secondsAfter(this.#world.clock.now(), 0.001));
  }

  #startTasks(service: Service, count: number): void {
    if (count === 0) return;
    const primary = primaryOf(service);
    const until = throttledUntil(primary, this.#world.clock.now());
    if (until !== null) {
      this.wake(service, until);
      return;
    }
    const started = Array.from({ length: count }, () => this.#tasks.launch(service, primary));
    addMessage(this.#world, service, serviceMessages.started(started, service.unhealthyTasks));
    service.unhealthyTasks = 0;
  }

  #stopAll(service: Service, tasks: readonly Task[]): void {
    const messages = serviceMessages.stopped(tasks);
    for (const task of tasks) this.#tasks.stop(task, scalingActivity(task));
    for (const message of messages) addMessage(this.#world, service, message);
  }

  #drain(service: Service): void {
    this.#stopAll(service, [...tasksOf(service)].filter(isWanted));
    if (service.status === 'INACTIVE' || !tasksOf(service).next().done) return;
    service.status = 'INACTIVE';
    service.deployments = [];
    this.#leaveSteadyState(service);
  }

  #countFailure(task: Task): void {
    const { service, deployment } = task;
    const serviceDeployment = currentServiceDeployment(service);
    if (serviceDeployment === null || deployment !== service.deployments[0]) return;
    // A superseded or stopped one is over; one that is being rolled back is watched like any other.
    if (!['IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes(serviceDeployment.status)) return;
    deployment.failedTasks += 1;
    if (!isTripped(service, deployment)) return;
    tripBreaker(this.#world, service, serviceDeployment);
    if (!service.deploymentConfiguration.deploymentCircuitBreaker?.rollback) {
      abandon(this.#world, serviceDeployment);
      return;
    }
    setStatus(this.#world, serviceDeployment, { status: 'ROLLBACK_REQUESTED' });
    // ECS tells of the failure and of the rollback 1 ms apart.
    runAfter(this.#world, 0.001, () => this.#rollBack(serviceDeployment, 'circuit breaker'));
  }

  #rollBack(serviceDeployment: ServiceDeployment, cause: 'circuit breaker' | 'stopped'): void {
    // A newer deployment, or the deletion of the service, came first.
    if (serviceDeployment.status !== 'ROLLBACK_REQUESTED') return;
    rollBack(this.#world, serviceDeployment, cause);
    this.wake(serviceDeployment.service);
  }

  #slowDown(task: Task, reason: string): void {
    const { service, deployment } = task;
    this.#tellProblem(service, serviceMessages.unplaced(reason));
    const isNewRound = throttleStarts(deployment, task, this.#world.clock.now());
    if (!isNewRound || deployment.startThrottle.failedRounds !== 2) return;
    addMessage(this.#world, service, serviceMessages.impaired);
    notifyServiceAction(this.#world, service, 'SERVICE_TASK_START_IMPAIRED');
  }

  #tellProblem(service: Service, problem: string): void {
    if (service.knownProblem === problem) return;
    service.knownProblem = problem;
    addMessage(this.#world, service, problem);
  }

  #tellBlocked(service: Service): void {
    const primary = primaryOf(service);
    if (primary.isKnownBlocked) return;
    primary.isKnownBlocked = true;
    addMessage(this.#world, service, serviceMessages.blocked);
  }

  #enterSteadyState(service: Service): void {
    if (service.steadyState !== null) return;
    service.knownProblem = null;
    addMessage(this.#world, service, serviceMessages.steady);
    notifyServiceAction(this.#world, service, 'SERVICE_STEADY_STATE');
    service.steadyState = runAfter(this.#world, durations.steadyStateRepetition, () => {
      service.steadyState = null;
      this.#enterSteadyState(service);
    });
  }

  #leaveSteadyState(service: Service): void {
    service.steadyState?.();
    service.steadyState = null;
  }

  #soon(run: () => void): void {
    runAfter(this.#world, this.#world.random.between(...durations.serviceDeployment), run);
  }
}

/** An older deployment leaves the list when its last task has stopped. */
function dropDrained(service: Service): void {
  service.deployments = service.deployments.filter(
    ({ status, tasks }) => status === 'PRIMARY' || tasks.size > 0,
  );
}

/** The text is the same for scale-in and for tasks that a newer deployment replaces; the deployment is the task's own. */
function scalingActivity(task: Task): TaskStop {
  return {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Scaling activity initiated by (deployment ${task.deployment.id})`,
  };
}
