import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { EcsSimulatorOptions } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { SimulatedEcs } from '../../../infra/ecs-simulator/simulated-ecs';

/** An account with service `web` behind a load balancer, and users. */
export class CanaryAccount {
  readonly ecs: SimulatedEcs;
  /** Both target groups of the service. */
  readonly targetGroups: readonly string[];

  /** The service has run its first version for so long that its past is known. */
  static async start(
    deploymentConfiguration: DeploymentConfiguration,
    traffic: EcsSimulatorOptions['traffic'] = { requestsPerSecond: 100, errorPercent: 0.1 },
  ): Promise<CanaryAccount> {
    const ecs = await SimulatedEcs.start(1, traffic === undefined ? {} : { traffic });
    const account = new CanaryAccount(ecs);
    const loadBalancers = [account.#loadBalancer(deploymentConfiguration.strategy !== 'ROLLING')];
    const taskDefinition = await ecs.register();
    await ecs.create({ taskDefinition, loadBalancers, deploymentConfiguration });
    ecs.clock.advanceBy(7200);
    return account;
  }

  private constructor(ecs: SimulatedEcs) {
    this.ecs = ecs;
    const made = (kind: 'LoadBalancer' | 'TargetGroup', Name: string) => {
      const output = ecs.call(`Create${kind}`, { Name }) as Record<string, [Record<string, string>]>;
      return output[`${kind}s`]?.[0][`${kind}Arn`] ?? '';
    };
    const LoadBalancerArn = made('LoadBalancer', 'shop');
    this.targetGroups = ['blue', 'green'].map((name) => made('TargetGroup', name));
    const DefaultActions = this.targetGroups.map((TargetGroupArn) => ({ Type: 'forward', TargetGroupArn }));
    ecs.call('CreateListener', { LoadBalancerArn, DefaultActions });
  }

  /** Rolls out a version with such labels, and lets so many seconds pass. */
  async rollOut(labels: Record<string, string>, seconds = 7200): Promise<void> {
    await this.ecs.update({ taskDefinition: await this.ecs.register(labels) });
    this.ecs.clock.advanceBy(seconds);
  }

  #loadBalancer(shifts: boolean) {
    const [targetGroupArn = '', alternateTargetGroupArn = ''] = this.targetGroups;
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/shop/1/2/3';
    const roleArn = 'arn:aws:iam::123456789012:role/shift';
    const advancedConfiguration = { alternateTargetGroupArn, productionListenerRule: arn, roleArn };
    const plain = { targetGroupArn, containerName: 'app', containerPort: 80 };
    return shifts ? { ...plain, advancedConfiguration } : plain;
  }
}
