import { allServices } from '../model/cluster';
import {
  currentServiceDeployment,
  isStaged,
  type ServiceDeployment,
  setStatus,
} from '../model/service-deployment';
import type { Task } from '../model/task';
import { runAfter, type World } from '../model/world';
import { durations } from '../tasks/durations';
import { isTripped } from './circuit-breaker';
import {
  abandon,
  brokenCircuit,
  failDeployment,
  type RollbackCause,
  rollBackDeployment,
  stoppedByCaller,
} from './rollback';

/** What a protection needs of the scheduler. */
interface RollbackObserver {
  /** The service is on its way back, or stalled for want of somewhere to go. */
  rollbackBegan(serviceDeployment: ServiceDeployment): void;
}

/**
 * Fails deployments and takes them back: for the circuit breaker, for alarms, for a hook, or
 * because somebody asked.
 */
export class FailureWatch {
  readonly #world: World;
  readonly #observer: RollbackObserver;

  constructor(world: World, observer: RollbackObserver) {
    this.#world = world;
    this.#observer = observer;
    world.alarms.subscribe(({ name, state }) => {
      if (state.value === 'ALARM') this.#alarmRaised(name);
    });
  }

  /**
   * Asks for the rollback of a service deployment under way; one that is being stopped or rolled
   * back already goes on.
   */
  requestRollback(
    serviceDeployment: ServiceDeployment,
    cause: RollbackCause = stoppedByCaller,
  ): 'requested' | 'already under way' {
    const { status } = serviceDeployment;
    if (status !== 'PENDING' && status !== 'IN_PROGRESS') return 'already under way';
    setStatus(this.#world, serviceDeployment, { status: 'ROLLBACK_REQUESTED' });
    const seconds = this.#world.random.between(...durations.serviceDeployment);
    runAfter(this.#world, seconds, () => this.#rollBack(serviceDeployment, cause));
    return 'requested';
  }

  /** Counts a failed task of the deployment that ECS works towards. */
  countFailure(task: Task): void {
    if (task.owner === null) return;
    const { service, deployment } = task.owner;
    const serviceDeployment = currentServiceDeployment(service);
    if (serviceDeployment === null || deployment !== service.deployments[0]) return;
    // A superseded or stopped one is over; one that is being rolled back is watched like any other.
    if (!['IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes(serviceDeployment.status)) return;
    deployment.failedTasks += 1;
    if (!isTripped(service, deployment)) return;
    serviceDeployment.isBreakerTriggered = true;
    this.#fail(serviceDeployment, {
      cause: brokenCircuit,
      rollsBack: service.deploymentConfiguration.deploymentCircuitBreaker?.rollback === true,
    });
  }

  /**
   * Begins to watch the alarms of a deployment that starts. One that is in ALARM already makes ECS
   * ignore them all, to the end.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
   */
  watchAlarms(serviceDeployment: ServiceDeployment): void {
    const { alarms } = serviceDeployment.configuration;
    if (!alarms?.enable) return;
    const isRaised = alarms.alarmNames.some((name) => this.#world.alarms.stateOf(name) === 'ALARM');
    serviceDeployment.alarms = {
      alarmNames: alarms.alarmNames,
      status: isRaised ? 'DISABLED' : 'MONITORING',
      triggered: [],
    };
  }

  /**
   * ECS polls the state of alarms, so that it sees one some seconds later, or not at all if it is
   * over by then.
   */
  #alarmRaised(name: string): void {
    for (const service of allServices(this.#world)) {
      const serviceDeployment = currentServiceDeployment(service);
      if (serviceDeployment?.alarms?.alarmNames.includes(name) !== true) continue;
      const seconds = this.#world.random.between(...durations.alarmPoll);
      runAfter(this.#world, seconds, () => this.#pollAlarms(serviceDeployment));
    }
  }

  #pollAlarms(serviceDeployment: ServiceDeployment): void {
    const { alarms, status, configuration } = serviceDeployment;
    if (alarms?.status !== 'MONITORING' || status !== 'IN_PROGRESS') return;
    const triggered = alarms.alarmNames.filter((name) => this.#world.alarms.stateOf(name) === 'ALARM');
    if (triggered.length === 0) return;
    serviceDeployment.alarms = { ...alarms, status: 'TRIGGERED', triggered };
    const statusReason = `Service deployment rolled back because of alarms in ALARM state: ${triggered.join(', ')}.`;
    this.#fail(serviceDeployment, {
      cause: { kind: 'alarms', statusReason },
      rollsBack: configuration.alarms?.rollback === true,
    });
  }

  /** Only the protection that found the failure says whether to roll back. */
  #fail(
    serviceDeployment: ServiceDeployment,
    {
      cause,
      rollsBack,
    }: { cause: RollbackCause & { kind: 'circuit breaker' | 'alarms' }; rollsBack: boolean },
  ): void {
    failDeployment(this.#world, serviceDeployment.service, cause.kind);
    if (!rollsBack) {
      abandon(this.#world, serviceDeployment, cause);
      return;
    }
    setStatus(this.#world, serviceDeployment, { status: 'ROLLBACK_REQUESTED' });
    // ECS tells of the failure and of the rollback 1 ms apart.
    runAfter(this.#world, 0.001, () => this.#rollBack(serviceDeployment, cause));
  }

  #rollBack(serviceDeployment: ServiceDeployment, cause: RollbackCause): void {
    // A newer deployment, or the deletion of the service, came first.
    if (serviceDeployment.status !== 'ROLLBACK_REQUESTED') return;
    serviceDeployment.isShiftingBack = isStaged(serviceDeployment);
    rollBackDeployment(this.#world, serviceDeployment, cause);
    this.#observer.rollbackBegan(serviceDeployment);
  }
}
