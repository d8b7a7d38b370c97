import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { SimulatedEcs } from './simulated-ecs';

/** What a hook's function is given. */
export interface HookCall {
  readonly lifecycleStage: string;
  readonly resourceArn: string;
  readonly hookDetails?: unknown;
  readonly executionDetails: {
    readonly serviceArn: string;
    readonly targetServiceRevisionArn: string;
    readonly testTrafficWeights: Record<string, number>;
    readonly productionTrafficWeights: Record<string, number>;
  };
}

export const everyStage = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;
export type Stage = (typeof everyStage)[number];

export const lambdaHook = (...lifecycleStages: Stage[]) => ({
  hookTargetArn: 'arn:aws:lambda:us-east-1:123456789012:function:check',
  roleArn: 'arn:aws:iam::123456789012:role/hooks',
  lifecycleStages,
});

export const blueGreen = (...hooks: object[]): DeploymentConfiguration => ({
  strategy: 'BLUE_GREEN',
  bakeTimeInMinutes: 5,
  lifecycleHooks: hooks as never,
});

const balancer = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
export const loadBalancers = [
  {
    targetGroupArn: `${balancer}:targetgroup/blue/1`,
    containerName: 'app',
    containerPort: 80,
    advancedConfiguration: {
      alternateTargetGroupArn: `${balancer}:targetgroup/green/1`,
      productionListenerRule: `${balancer}:listener-rule/app/a/1/2/3`,
      roleArn: 'arn:aws:iam::123456789012:role/shift',
    },
  },
];

/**
 * Service `web`, settled under a configuration that shifts traffic, with a function that its hooks
 * call.
 */
export class HookedService {
  readonly ecs: SimulatedEcs;
  readonly calls: HookCall[];
  /** What the function returns. */
  answer: (call: HookCall) => unknown = () => ({ hookStatus: 'SUCCEEDED' });

  static async createUnder(deploymentConfiguration: DeploymentConfiguration): Promise<HookedService> {
    const calls: HookCall[] = [];
    const ecs = await SimulatedEcs.start(1, {
      invokeLambda: async (_, payload) => {
        calls.push(payload as HookCall);
        return service.answer(payload as HookCall);
      },
    });
    const service = new HookedService(ecs, calls);
    await ecs.create({ taskDefinition: await ecs.register(), loadBalancers, deploymentConfiguration });
    await ecs.run(7200);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('SUCCESSFUL');
    calls.length = 0;
    return service;
  }

  private constructor(ecs: SimulatedEcs, calls: HookCall[]) {
    this.ecs = ecs;
    this.calls = calls;
  }

  /** The stages for which the function was called, in order. */
  get stages(): string[] {
    return this.calls.map(({ lifecycleStage }) => lifecycleStage);
  }

  /** The target's share of production traffic at each call of its shift. */
  get productionShares(): (number | undefined)[] {
    return this.calls
      .filter(({ lifecycleStage }) => lifecycleStage === 'PRODUCTION_TRAFFIC_SHIFT')
      .map(
        ({ executionDetails: { productionTrafficWeights: weights, targetServiceRevisionArn: target } }) =>
          weights[target],
      );
  }
}
