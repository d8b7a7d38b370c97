import { ContinueServiceDeploymentCommand, DescribeServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { loadBalancers } from '../../../infra/ecs-simulator/hooked-service';
import { RewindAtWork } from '../worlds/rewind-at-work';

const pauseAt = (...lifecycleStages: string[]) => ({
  targetType: 'PAUSE',
  lifecycleStages,
  timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' },
});

/** A stable service whose policy has gates, under a canary that waits at them. */
export class GatedService {
  readonly rewind: RewindAtWork;
  readonly stages: readonly string[];

  /** `more` is added to the keys of the policy. */
  static async start(
    stages: readonly string[],
    { gates = '', more = '' }: { readonly gates?: string; readonly more?: string } = {},
  ): Promise<GatedService> {
    const policy = `defaults: { bakeSeconds: 60, gates: { stages: [${stages.join(', ')}], ${gates} }, ${more} }`;
    const rewind = await RewindAtWork.start(memoryEventLog(), { policy });
    return new GatedService(rewind, stages);
  }

  private constructor(rewind: RewindAtWork, stages: readonly string[]) {
    this.rewind = rewind;
    this.stages = stages;
  }

  /** Deploys a revision; `hooks` stand beside those of the policy. */
  async deploy(labels: Record<string, string> = {}, ...hooks: object[]): Promise<string> {
    const taskDefinition = await this.rewind.ecs.register(labels);
    await this.rewind.ecs.update({
      taskDefinition,
      loadBalancers,
      deploymentConfiguration: this.canary(...hooks),
    });
    return taskDefinition;
  }

  /** The first revision, under the same canary. */
  async deployFirst(labels: Record<string, string> = {}): Promise<string> {
    const taskDefinition = await this.rewind.ecs.register(labels);
    await this.rewind.ecs.create({
      taskDefinition,
      loadBalancers,
      deploymentConfiguration: this.canary() as never,
    });
    return taskDefinition;
  }

  canary(...hooks: object[]): object {
    return {
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 },
      bakeTimeInMinutes: 5,
      lifecycleHooks: [...this.stages.map((stage) => pauseAt(stage)), ...hooks],
    };
  }

  /** The hooks that ECS waits for, by id. */
  async openHooks(): Promise<string[]> {
    return (await this.#newest()).hooks;
  }

  async answer(action: 'CONTINUE' | 'ROLLBACK'): Promise<void> {
    const { arn, hooks } = await this.#newest();
    for (const hookId of hooks) {
      await this.rewind.ecs.client.send(
        new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arn, hookId, action }),
      );
    }
  }

  /** Calls of ContinueServiceDeployment that took effect, by whoever made them. */
  get answers(): number {
    return this.rewind.ecs.simulator.calls.effective('ContinueServiceDeployment').length;
  }

  async passUntilWaiting(seconds = 900): Promise<string> {
    for (let second = 0; second < seconds; second += 15) {
      await this.rewind.pass(15);
      const [hook] = await this.openHooks();
      if (hook !== undefined) return hook;
    }
    throw new Error(`no gate opened within ${seconds} s`);
  }

  async outcomes() {
    const concluded = await this.rewind.decisions('RolloutConcluded');
    return concluded.slice(1).map(({ outcome }) => outcome);
  }

  async #newest(): Promise<{ arn: string | undefined; hooks: string[] }> {
    const [brief] = await this.rewind.ecs.serviceDeployments();
    const arn = brief?.serviceDeploymentArn;
    const { serviceDeployments: [newest] = [] } = await this.rewind.ecs.client.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arn === undefined ? [] : [arn] }),
    );
    const open = (newest?.lifecycleHookDetails ?? []).filter(({ status }) => status === 'AWAITING_ACTION');
    return { arn, hooks: open.flatMap(({ hookId }) => hookId ?? []) };
  }
}
