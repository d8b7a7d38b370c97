import type { EcsLifecycleHook, HookStage } from '../configuration/deployment-configuration';
import { laterBy } from '../foundation/clock';
import type { HookRun, ServiceDeployment } from '../model/service-deployment';
import { runAfter, type World } from '../model/world';
import { notifyHook } from '../notifications/hook-notification';
import { type HookAnswer, parseHookAnswer } from './hook-answer';

export type HookOutcome =
  | { readonly result: 'succeeded' }
  | { readonly result: 'failed'; readonly statusReason: string };

/** A stage that runs hooks, with the percent of traffic that the target has in it. */
interface HookedStage {
  readonly stage: HookStage;
  readonly weights: { readonly test: number; readonly production: number };
}

interface StageRun {
  readonly serviceDeployment: ServiceDeployment;
  readonly hooked: HookedStage;
  readonly done: (outcome: HookOutcome) => void;
}
interface RunningHook {
  readonly running: StageRun;
  readonly run: HookRun;
}

/**
 * Runs the hooks of a stage, all at once: it is over when the last has succeeded, or the first
 * wants a rollback.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html and
 * pause-lifecycle-hooks.html
 */
export class LifecycleHooks {
  readonly #world: World;
  readonly #running = new WeakMap<HookRun, RunningHook>();

  constructor(world: World) {
    this.#world = world;
  }

  run(serviceDeployment: ServiceDeployment, hooked: HookedStage, done: (outcome: HookOutcome) => void): void {
    const hooks = (serviceDeployment.configuration.lifecycleHooks ?? []).filter((hook) =>
      (hook.lifecycleStages ?? []).includes(hooked.stage),
    );
    const started = hooks.map((hook) => ({ hook, run: this.#createRun(hook, hooked.stage) }));
    serviceDeployment.hooks = started.map(({ run }) => run);
    if (started.length === 0) done({ result: 'succeeded' });
    for (const { hook, run } of started) {
      const runningHook = { running: { serviceDeployment, hooked, done }, run };
      this.#running.set(run, runningHook);
      notifyHook(this.#world, serviceDeployment, run);
      runAfter(this.#world, (run.expiresAt - this.#world.clock.now()) / 1000, () =>
        this.#timeOut(runningHook),
      );
      if (run.targetType === 'AWS_LAMBDA') this.#call(runningHook, hook.hookDetails);
    }
  }

  /**
   * Answers a PAUSE hook, as ContinueServiceDeployment does; false when it does not wait for an
   * answer.
   */
  answer(run: HookRun, action: 'CONTINUE' | 'ROLLBACK'): boolean {
    const runningHook = this.#running.get(run);
    if (runningHook === undefined || run.status !== 'AWAITING_ACTION') return false;
    if (action === 'CONTINUE') this.#succeed(runningHook, 'SUCCEEDED');
    else this.#fail(runningHook, `Service deployment rolled back because of the ${run.stage} pause hook.`);
    return true;
  }

  #createRun(hook: EcsLifecycleHook, stage: HookStage): HookRun {
    const { random, clock } = this.#world;
    const { timeoutInMinutes = 1440, action = 'ROLLBACK' } = hook.timeoutConfiguration ?? {};
    const isPause = hook.targetType === 'PAUSE';
    return {
      id: `ecs-${isPause ? 'pause' : 'lambda'}-${random.alphanumeric(43)}`,
      stage,
      targetType: hook.targetType,
      targetArn: hook.hookTargetArn,
      expiresAt: laterBy(clock.now(), timeoutInMinutes * 60),
      timeoutAction: action,
      status: isPause ? 'AWAITING_ACTION' : 'IN_PROGRESS',
    };
  }

  #call(runningHook: RunningHook, hookDetails: unknown): void {
    const { run, running } = runningHook;
    if (run.targetArn === undefined) return;
    const payload = this.#payload(running, hookDetails);
    this.#world.lambda.call(run.targetArn, payload, (answer) => {
      if (this.#isWaiting(runningHook)) this.#answered(runningHook, parseHookAnswer(answer));
    });
  }

  #answered(runningHook: RunningHook, answer: HookAnswer): void {
    switch (answer.hookStatus) {
      case 'SUCCEEDED':
        this.#succeed(runningHook, 'SUCCEEDED');
        return;
      case 'FAILED':
        this.#fail(
          runningHook,
          `Service deployment rolled back because lifecycle hook(s) failed. ${answer.because(runningHook.run.targetArn ?? '')}`,
        );
        return;
      case 'IN_PROGRESS':
        runAfter(this.#world, answer.callBackDelay, () => {
          if (this.#isWaiting(runningHook)) this.#call(runningHook, answer.hookDetails);
        });
        return;
      default:
        answer satisfies never;
    }
  }

  #payload({ serviceDeployment, hooked }: StageRun, hookDetails: unknown): Record<string, unknown> {
    const { stage, weights } = hooked;
    const isProduction = stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' || stage === 'PRODUCTION_TRAFFIC_SHIFT';
    return {
      executionId: this.#world.random.uuid(),
      lifecycleStage: stage,
      resourceArn: serviceDeployment.arn,
      executionDetails: {
        serviceArn: serviceDeployment.service.arn,
        // Still the new revision when the way is back: only the weights tell.
        targetServiceRevisionArn: serviceDeployment.deployment.revision.arn,
        testTrafficWeights: stage === 'TEST_TRAFFIC_SHIFT' ? sharesOf(serviceDeployment, weights.test) : {},
        productionTrafficWeights: isProduction ? sharesOf(serviceDeployment, weights.production) : {},
      },
      ...(hookDetails === undefined ? {} : { hookDetails }),
    };
  }

  #succeed({ run, running }: RunningHook, status: 'SUCCEEDED' | 'TIMED_OUT'): void {
    run.status = status;
    notifyHook(this.#world, running.serviceDeployment, run);
    const isOver = running.serviceDeployment.hooks.every((one) => one === run || hasPassed(one));
    if (isOver) running.done({ result: 'succeeded' });
  }

  #fail({ run, running }: RunningHook, statusReason: string): void {
    if (run.status !== 'TIMED_OUT') run.status = 'FAILED';
    notifyHook(this.#world, running.serviceDeployment, run);
    running.done({ result: 'failed', statusReason });
  }

  #timeOut(runningHook: RunningHook): void {
    if (!this.#isWaiting(runningHook)) return;
    const { run } = runningHook;
    run.status = 'TIMED_OUT';
    const kind = run.targetType === 'PAUSE' ? 'pause' : 'Lambda';
    if (run.timeoutAction === 'CONTINUE') this.#succeed(runningHook, 'TIMED_OUT');
    else
      this.#fail(
        runningHook,
        `Service deployment rolled back because the ${run.stage} ${kind} hook timed out.`,
      );
  }

  /**
   * Whether an answer still matters: the stage may be over, for another hook's failure or a newer
   * deployment.
   */
  #isWaiting({ run, running: { serviceDeployment } }: RunningHook): boolean {
    const isUnanswered = run.status === 'AWAITING_ACTION' || run.status === 'IN_PROGRESS';
    const isUnderWay = ['IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes(serviceDeployment.status);
    return isUnanswered && isUnderWay && serviceDeployment.hooks.includes(run);
  }
}

function hasPassed({ status, timeoutAction }: HookRun): boolean {
  return status === 'SUCCEEDED' || (status === 'TIMED_OUT' && timeoutAction === 'CONTINUE');
}

function sharesOf({ deployment, sources }: ServiceDeployment, percent: number): Record<string, number> {
  const [source] = sources;
  return {
    [deployment.revision.arn]: percent,
    ...(source === undefined ? {} : { [source.arn]: Math.round((100 - percent) * 10) / 10 }),
  };
}
