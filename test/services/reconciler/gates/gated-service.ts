import { ContinueServiceDeploymentCommand, DescribeServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import type { Ecs } from '../../../../services/aws/ecs/ecs';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { operatorDetailType, operatorSource } from '../../../../services/notifications/own/operator-action';
import { type PolicyFile, parsePolicyFile } from '../../../../services/policy/policy-file';
import { loadBalancers } from '../../../infra/ecs-simulator/hooked-service';
import { RewindAtWork, service } from '../worlds/rewind-at-work';

const pauseAt = (...lifecycleStages: string[]) => ({
  targetType: 'PAUSE',
  lifecycleStages,
  timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' },
});

interface GatedParts {
  readonly rewind: RewindAtWork;
  readonly stages: readonly string[];
  readonly policies: PolicyFile;
}

/** A stable service whose policy has gates, under a canary that waits at them. */
export class GatedService {
  readonly rewind: RewindAtWork;
  readonly stages: readonly string[];
  readonly policies: PolicyFile;

  /** `more` is added to the keys of the policy. */
  static async start(
    stages: readonly string[],
    { gates = '', more = '' }: { readonly gates?: string; readonly more?: string } = {},
  ): Promise<GatedService> {
    const policy = `defaults: { bakeSeconds: 60, gates: { stages: [${stages.join(', ')}], ${gates} }, ${more} }`;
    const rewind = await RewindAtWork.start(memoryEventLog(), { policy });
    return new GatedService({ rewind, stages, policies: parsePolicyFile(policy, 'policy') });
  }

  private constructor({ rewind, stages, policies }: GatedParts) {
    this.rewind = rewind;
    this.stages = stages;
    this.policies = policies;
  }

  /** What the test of the policy runs: the task definition web-smoke, and what it writes. */
  registerTest(dockerLabels: Record<string, string>): void {
    const options = { 'awslogs-group': '/ecs/web-smoke', 'awslogs-stream-prefix': 'smoke' };
    const logConfiguration = { logDriver: 'awslogs', options };
    const container = { name: 'smoke', image: 'web-smoke:1', dockerLabels, logConfiguration };
    this.rewind.ecs.call('RegisterTaskDefinition', {
      family: 'web-smoke',
      containerDefinitions: [container],
    });
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

  /** Says what a test of the deployment came to, as a pipeline does through `rewind gate`. */
  async answerTest(test: string, testResult: 'passed' | 'failed'): Promise<void> {
    const { deployments = [] } = await this.rewind.ecs.describe();
    this.rewind.ecs.notifications.push({
      version: '0',
      id: `act-${test}-${testResult}`,
      'detail-type': operatorDetailType,
      source: operatorSource,
      account: '123456789012',
      time: new Date(this.rewind.ecs.clock.now()).toISOString(),
      region: 'us-east-1',
      resources: [],
      detail: {
        action: 'gate',
        service,
        by: 'arn:aws:iam::123456789012:role/ci',
        reason: 'run 12',
        deployment: deployments.find(({ status }) => status === 'PRIMARY')?.id,
        test,
        testResult,
      },
    } as never);
  }

  /** ECS as Rewind calls it. */
  ownEcs(): Ecs {
    return awsEcs(this.rewind.rewindsClient());
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
