import { type HookStage, hookStages } from '../configuration/deployment-configuration';
import type { ServiceRevision } from '../model/deployment';
import { primaryOf } from '../model/service';
import { type DeploymentStage, type ServiceDeployment, setStatus } from '../model/service-deployment';
import { runAfter, type World } from '../model/world';
import { durations } from '../tasks/durations';
import { type HookOutcome, LifecycleHooks } from './lifecycle-hooks';
import type { RollbackCause } from './rollback';
import { setRolloutState } from './rollout';
import { planBack, planForward, type ShiftStep } from './shift-plan';

/** What a traffic shift tells the scheduler. */
interface TrafficShiftObserver {
  changed(serviceDeployment: ServiceDeployment): void;
  /** A hook wants the deployment rolled back. */
  failed(serviceDeployment: ServiceDeployment, cause: RollbackCause): void;
}

/** Takes a blue/green, linear or canary deployment through its stages, and a failed one back. */
export class TrafficShift {
  readonly #world: World;
  readonly #observer: TrafficShiftObserver;
  readonly hooks: LifecycleHooks;
  /** What is left to do, the step under way first. */
  readonly #left = new WeakMap<ServiceDeployment, readonly ShiftStep[]>();

  constructor(world: World, observer: TrafficShiftObserver) {
    this.#world = world;
    this.#observer = observer;
    this.hooks = new LifecycleHooks(world);
  }

  begin(serviceDeployment: ServiceDeployment): void {
    this.#left.set(serviceDeployment, planForward(serviceDeployment));
    this.#enter(serviceDeployment);
  }

  /** The tasks stand: ends the stage SCALE_UP. */
  scaledUp(serviceDeployment: ServiceDeployment): void {
    if (serviceDeployment.lifecycleStage === 'SCALE_UP') this.#leave(serviceDeployment);
  }

  /** Gives the traffic back to the source, of a service deployment whose rollback has begun. */
  shiftBack(serviceDeployment: ServiceDeployment): void {
    this.#left.set(serviceDeployment, planBack(serviceDeployment));
    this.#enter(serviceDeployment);
  }

  #enter(serviceDeployment: ServiceDeployment): void {
    if (!isMoving(serviceDeployment)) return;
    const [step] = this.#left.get(serviceDeployment) ?? [];
    if (step === undefined) {
      serviceDeployment.isShiftingBack = false;
      this.#observer.changed(serviceDeployment);
      return;
    }
    serviceDeployment.lifecycleStage = shownStage(step.stage);
    serviceDeployment.updatedAt = this.#world.clock.now();
    const isAhead = step.stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT';
    if (!isAhead) Object.assign(serviceDeployment.trafficWeights, weightsIn(step));
    this.#observer.changed(serviceDeployment);
    this.#runHooks(serviceDeployment, step);
  }

  #runHooks(serviceDeployment: ServiceDeployment, step: ShiftStep): void {
    if (!isHookStage(step.stage)) {
      this.#pass(serviceDeployment, step);
      return;
    }
    const { status } = serviceDeployment;
    const weights = { ...serviceDeployment.trafficWeights, ...weightsIn(step) };
    this.hooks.run(serviceDeployment, { stage: step.stage, weights }, (outcome) => {
      if (serviceDeployment.status !== status) return;
      if (outcome.result === 'succeeded') this.#pass(serviceDeployment, step);
      else this.#fail(serviceDeployment, outcome);
    });
  }

  /**
   * The hooks are content: what is left is the time that the step takes. SCALE_UP ends with its
   * tasks, CLEAN_UP with the deployment.
   */
  #pass(serviceDeployment: ServiceDeployment, step: ShiftStep): void {
    if (step.stage === 'SCALE_UP' || step.stage === 'CLEAN_UP') return;
    const shifting = step.stage === 'TEST_TRAFFIC_SHIFT' || step.stage === 'PRODUCTION_TRAFFIC_SHIFT';
    const seconds = shifting ? this.#shiftSeconds(serviceDeployment) : 0;
    const { status } = serviceDeployment;
    runAfter(this.#world, seconds + 60 * (step.bakeMinutes ?? 0), () => {
      if (serviceDeployment.status === status) this.#leave(serviceDeployment);
    });
  }

  #shiftSeconds(serviceDeployment: ServiceDeployment): number {
    const seconds = this.#world.random.between(...durations.trafficShift);
    const isSlow = hasNetworkLoadBalancer(serviceDeployment.deployment.revision);
    return isSlow ? seconds + durations.networkLoadBalancerShift : seconds;
  }

  #leave(serviceDeployment: ServiceDeployment): void {
    this.#left.set(serviceDeployment, (this.#left.get(serviceDeployment) ?? []).slice(1));
    this.#enter(serviceDeployment);
  }

  #fail(serviceDeployment: ServiceDeployment, { statusReason }: HookOutcome & { result: 'failed' }): void {
    if (!serviceDeployment.isShiftingBack) {
      this.#observer.failed(serviceDeployment, { kind: 'lifecycle hook', statusReason });
      return;
    }
    // A hook that fails on the way back leaves traffic where it is; there is no second way back.
    setStatus(this.#world, serviceDeployment, { status: 'ROLLBACK_FAILED', reason: statusReason });
    const restored = primaryOf(serviceDeployment.service);
    setRolloutState(this.#world, restored, {
      state: 'FAILED',
      reason: `ECS deployment ${restored.id} failed.`,
    });
  }
}

/**
 * A Network Load Balancer shifts the traffic of a listener, an Application Load Balancer that of a
 * rule.
 */
function hasNetworkLoadBalancer({ parameters }: ServiceRevision): boolean {
  const { loadBalancers = [] } = parameters as {
    loadBalancers?: readonly { advancedConfiguration?: { productionListenerRule?: string } }[];
  };
  return loadBalancers.some(({ advancedConfiguration }) =>
    advancedConfiguration?.productionListenerRule?.includes(':listener/net/'),
  );
}

function isMoving({ status, isShiftingBack }: ServiceDeployment): boolean {
  return status === 'IN_PROGRESS' || (status === 'ROLLBACK_IN_PROGRESS' && isShiftingBack);
}

/** DescribeServiceDeployments has no name for the stage before a shift. */
function shownStage(stage: ShiftStep['stage']): DeploymentStage {
  return stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' ? 'PRODUCTION_TRAFFIC_SHIFT' : stage;
}

function weightsIn({ test, production }: ShiftStep): { test?: number; production?: number } {
  return { ...(test === undefined ? {} : { test }), ...(production === undefined ? {} : { production }) };
}

function isHookStage(stage: ShiftStep['stage']): stage is HookStage {
  return (hookStages as readonly string[]).includes(stage);
}
