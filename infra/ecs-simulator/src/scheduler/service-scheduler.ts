import { forgiveFailures } from '../deployments/circuit-breaker';
import { planDeployment } from '../deployments/deployment-plan';
import { FailureWatch } from '../deployments/failure-watch';
import { isRolledOut } from '../deployments/rolling-plan';
import { completeRollout, openServiceDeployment } from '../deployments/rollout';
import { hasArrived, isReadyForTraffic, rollingBakeSeconds } from '../deployments/rollout-completion';
import { TrafficShift } from '../deployments/traffic-shift';
import { type ClockTime, laterBy } from '../foundation/clock';
import type { Deployment } from '../model/deployment';
import { addMessage, primaryOf, type Service, tasksOf } from '../model/service';
import {
  currentServiceDeployment,
  isStaged,
  type ServiceDeployment,
  setStatus,
} from '../model/service-deployment';
import { isWanted, originInService, type Task, type TaskOrigin, type TaskStop } from '../model/task';
import type { TaskDefinition } from '../model/task-definition';
import { runAfter, type World } from '../model/world';
import { durations } from '../tasks/durations';
import { clearThrottle, throttledUntil } from '../tasks/start-throttle';
import { TaskLifeCycle, type TaskObserver } from '../tasks/task-life-cycle';
import { serviceMessages } from './service-messages';
import { enterSteadyState, leaveSteadyState, slowDown, tellBlocked, tellUnplaced } from './steady-state';

/**
 * Brings services to what is desired of them. It looks at a service when something about it has
 * changed, and at no other time: many changes in a short time are one look ("pass").
 */
export class ServiceScheduler implements TaskObserver {
  readonly #world: World;
  readonly tasks: TaskLifeCycle;
  readonly protection: FailureWatch;
  readonly trafficShift: TrafficShift;

  constructor(world: World) {
    this.#world = world;
    this.tasks = new TaskLifeCycle(world, this);
    this.protection = new FailureWatch(world, {
      rollbackBegan: (serviceDeployment) => {
        if (serviceDeployment.isShiftingBack) this.trafficShift.shiftBack(serviceDeployment);
        this.wake(serviceDeployment.service);
      },
    });
    this.trafficShift = new TrafficShift(world, {
      changed: ({ service }) => this.wake(service),
      failed: (serviceDeployment, cause) => this.protection.requestRollback(serviceDeployment, cause),
    });
  }

  /**
   * Starts a rollout of the task definition with the service's current parameters, in place of any
   * that is under way.
   */
  startRollout(service: Service, taskDefinition: TaskDefinition): void {
    const { opened, superseded } = openServiceDeployment(this.#world, service, taskDefinition);
    const seconds = this.#world.random.between(...durations.serviceDeployment);
    runAfter(this.#world, seconds, () => {
      if (superseded !== null) {
        const reason = 'Service deployment stopped because a newer one started.';
        setStatus(this.#world, superseded, { status: 'STOPPED', reason });
      }
      if (opened.status === 'PENDING') this.#begin(opened);
    });
  }

  #begin(serviceDeployment: ServiceDeployment): void {
    setStatus(this.#world, serviceDeployment, { status: 'IN_PROGRESS' });
    this.protection.watchAlarms(serviceDeployment);
    if (isStaged(serviceDeployment)) this.trafficShift.begin(serviceDeployment);
    this.wake(serviceDeployment.service);
  }

  stopTask(task: Task, stop: TaskStop): void {
    this.tasks.stop(task, stop);
    if (task.owner !== null) this.wake(task.owner.service);
  }

  /** Runs a task that belongs to no service. */
  runTask(origin: TaskOrigin): Task {
    return this.tasks.launch(origin);
  }

  /** Makes sure that a pass comes, at the latest after a few seconds or at the given instant. */
  wake(service: Service, at?: ClockTime): void {
    const { clock, random } = this.#world;
    const due = at ?? laterBy(clock.now(), random.between(...durations.pass));
    if (service.nextPass !== null && service.nextPass.at <= due) return;
    service.nextPass?.cancel();
    service.nextPass = { at: due, cancel: clock.schedule(due, () => this.#pass(service)) };
  }

  reachedRunning(task: Task): void {
    if (task.owner === null) return;
    clearThrottle(task.owner.deployment);
    if (task.targetGroups.length > 0) {
      addMessage(this.#world, task.owner.service, serviceMessages.registered(task));
    }
  }

  becameHealthy(task: Task): void {
    if (task.owner === null) return;
    forgiveFailures(task.owner.service, task.owner.deployment);
    this.wake(task.owner.service);
  }

  becameUnhealthy(task: Task, check: 'container' | 'load balancer'): void {
    // A task of no service runs on:
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    if (task.owner === null) return;
    const { service } = task.owner;
    service.unhealthyTasks += 1;
    const isContainer = check === 'container';
    const message = isContainer ? serviceMessages.unhealthy(task) : serviceMessages.targetUnhealthy(task);
    addMessage(this.#world, service, message);
    const stoppedReason = isContainer
      ? 'Task failed container health checks'
      : `Task failed ELB health checks in (target-group ${task.targetGroups[0]?.arn})`;
    this.stopTask(task, { stopCode: 'ServiceSchedulerInitiated', stoppedReason });
  }

  stopped(task: Task): void {
    if (task.owner === null) return;
    const { stopCode, stoppedReason = '' } = task.stop ?? {};
    if (stopCode === 'TaskFailedToStart') slowDown(this.#world, task);
    // One that failed a check counts now too, not when it was given up: so long was ECS seen to
    // wait for its connections to drain.
    const isUnhealthy = /^Task failed (container|ELB) health checks/.test(stoppedReason);
    if (stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited' || isUnhealthy) {
      this.protection.countFailure(task);
    }
    this.wake(task.owner.service);
  }

  #pass(service: Service): void {
    service.nextPass = null;
    if (service.status !== 'ACTIVE') {
      this.#drain(service);
      return;
    }
    if (service.deployments.length === 0) return;
    // Nothing moves before a service deployment starts, nor between the request of a rollback and
    // the rollback, or the deployment could still complete under it. Both end with a wake.
    const serviceDeployment = currentServiceDeployment(service);
    const status = serviceDeployment?.status;
    if (status === 'PENDING' || status === 'ROLLBACK_REQUESTED') return;
    dropDrained(service, this.#willBake(serviceDeployment) ? service.lastCompleted : null);
    const plan = planDeployment(service, serviceDeployment);
    this.#stopAll(service, plan.stop);
    this.#startTasks(service, plan.start);
    if (plan.isBlocked) tellBlocked(this.#world, service);
    if (serviceDeployment !== null && isReadyForTraffic(serviceDeployment)) {
      this.trafficShift.scaledUp(serviceDeployment);
    }
    this.#settle(service, serviceDeployment);
  }

  #settle(service: Service, serviceDeployment: ServiceDeployment | null): void {
    const { rolloutState } = primaryOf(service);
    const arrived = rolloutState === 'IN_PROGRESS' && hasArrived(service);
    if (arrived && (serviceDeployment === null || this.#isBaked(serviceDeployment))) this.#complete(service);
    else if (isRolledOut(service) && rolloutState === 'COMPLETED') enterSteadyState(this.#world, service);
    else leaveSteadyState(service);
  }

  #willBake(serviceDeployment: ServiceDeployment | null): boolean {
    return serviceDeployment !== null && rollingBakeSeconds(this.#world, serviceDeployment) > 0;
  }

  /** The bake begins when the tasks have arrived, and is not begun anew when one is replaced. */
  #isBaked(serviceDeployment: ServiceDeployment): boolean {
    const now = this.#world.clock.now();
    serviceDeployment.bakeUntil ??= laterBy(now, rollingBakeSeconds(this.#world, serviceDeployment));
    if (serviceDeployment.bakeUntil <= now) return true;
    this.wake(serviceDeployment.service, serviceDeployment.bakeUntil);
    return false;
  }

  #complete(service: Service): void {
    completeRollout(this.#world, service);
    // ECS writes "completed" and "steady state" 1 ms apart.
    this.wake(service, laterBy(this.#world.clock.now(), 0.001));
  }

  #startTasks(service: Service, count: number): void {
    if (count === 0) return;
    const primary = primaryOf(service);
    const until = throttledUntil(primary, this.#world.clock.now());
    if (until !== null) {
      this.wake(service, until);
      return;
    }
    if (!service.cluster.hasCapacity) {
      tellUnplaced(this.#world, service);
      const wait = this.#world.random.between(...durations.placementRetry);
      this.wake(service, laterBy(this.#world.clock.now(), wait));
      return;
    }
    const origin = originInService(service, primary);
    const started = Array.from({ length: count }, () => this.tasks.launch(origin));
    addMessage(this.#world, service, serviceMessages.started(started, service.unhealthyTasks));
    service.unhealthyTasks = 0;
  }

  #stopAll(service: Service, tasks: readonly Task[]): void {
    const messages = serviceMessages.stopped(tasks);
    const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    for (const task of tasks) this.tasks.stop(task, scalingActivity(task));
    for (const message of messages) addMessage(this.#world, service, message);
    for (const message of serviceMessages.draining(running)) addMessage(this.#world, service, message);
  }

  #drain(service: Service): void {
    this.#stopAll(service, [...tasksOf(service)].filter(isWanted));
    if (service.status === 'INACTIVE' || !tasksOf(service).next().done) return;
    service.status = 'INACTIVE';
    service.deployments = [];
    leaveSteadyState(service);
  }
}

/**
 * An older deployment leaves the list when its last task has stopped; the source of one that bakes
 * stays to its end.
 */
function dropDrained(service: Service, kept: Deployment | null): void {
  service.deployments = service.deployments.filter(
    (deployment) => deployment.status === 'PRIMARY' || deployment.tasks.size > 0 || deployment === kept,
  );
}

/**
 * The text is the same for scale-in and for tasks that a newer deployment replaces; the deployment
 * is the task's own.
 */
function scalingActivity(task: Task): TaskStop {
  return {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Scaling activity initiated by (deployment ${task.startedBy})`,
  };
}
