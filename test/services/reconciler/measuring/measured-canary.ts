import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import {
  EcsSimulator,
  type EcsSimulatorOptions,
  SteppedClock,
} from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { inProcessClients } from '../../../../infra/local/in-process-clients';
import { RewindInProcess } from '../../../../infra/local/rewind-in-process';
import { cloudWatchAlarms } from '../../../../services/aws/alarms/cloudwatch-alarms';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import type { BackEnds } from '../../../../services/aws/measurements/back-ends/back-ends';
import { cloudWatchMeasurements } from '../../../../services/aws/measurements/cloudwatch-measurements';
import type { Measurements } from '../../../../services/aws/measurements/measurements';
import type { EventLog, RecordedEvent } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { DecidedEvent } from '../../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../../state-machines/log/events';
import { parseServiceArn } from '../../../../state-machines/log/identifiers';
import { instantFrom } from '../../../../state-machines/log/instant';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { comparePlaces } from '../../../../state-machines/log/position';
import { emptyFold, foldOn } from '../../../../state-machines/service/fold';
import {
  type RolloutRecord,
  rolloutRecordsIn,
} from '../../../../state-machines/service/history/rollout-record';

export const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');

interface CanaryOptions {
  readonly configuration?: DeploymentConfiguration;
  readonly traffic?: NonNullable<EcsSimulatorOptions['traffic']>;
  readonly policy?: string;
  /** An empty log of its own if left out. */
  readonly log?: EventLog;
  /** A statistic that CloudWatch refuses. */
  readonly refusedStatistic?: RegExp;
  /** Those of providers in the policy. */
  readonly backEnds?: (canary: MeasuredCanary) => BackEnds;
  /** Replaces what measures. */
  readonly measuring?: (by: Measurements) => Measurements;
}

const productionListenerRule =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/shop/1/2/3';

const linear: DeploymentConfiguration = {
  strategy: 'LINEAR',
  linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 },
  bakeTimeInMinutes: 5,
};

interface WeightedGroup {
  readonly TargetGroupArn: string;
  readonly Weight: number;
}

/** Service `web` behind a load balancer, with users and a past, looked after by Rewind. */
export class MeasuredCanary {
  readonly clock = new SteppedClock(instantFrom(Date.UTC(2026, 0, 1)));
  readonly simulator: EcsSimulator;
  readonly rewind: RewindInProcess;
  readonly recorded: RecordedEvent[] = [];
  /** How many metrics CloudWatch was asked for: that is what it charges. */
  metricsAsked = 0;
  readonly targetGroups: readonly string[];

  static async start(options: CanaryOptions = {}): Promise<MeasuredCanary> {
    const canary = new MeasuredCanary(options);
    await canary.pass(7200);
    return canary;
  }

  private constructor({
    configuration = linear,
    traffic = { requestsPerSecond: 100, errorPercent: 0.1 },
    policy = 'defaults: { analysis: standard }',
    log = memoryEventLog(),
    measuring = (by) => by,
    refusedStatistic,
    backEnds,
  }: CanaryOptions) {
    const { clock } = this;
    this.simulator = new EcsSimulator({
      clock,
      seed: 1,
      traffic,
      emit: (envelope) => this.rewind.receive(envelope, 0.5),
    });
    const clients = inProcessClients(
      {
        call: (operation, input, caller) => {
          if (operation === 'GetMetricData') {
            this.metricsAsked += queriesIn(input);
            if (refusedStatistic?.test(JSON.stringify(input)) === true) {
              throw Object.assign(new Error('Stat is not supported'), { name: 'ValidationError' });
            }
          }
          return this.simulator.call(operation, input, caller);
        },
      },
      'rewind',
    );
    this.rewind = new RewindInProcess({
      clock,
      eventLog: log,
      ecs: awsEcs(clients.ecs),
      alarms: cloudWatchAlarms(clients.cloudWatch),
      measurements: measuring(cloudWatchMeasurements(() => clients, backEnds?.(this))),
      policies: parsePolicyFile(policy, 'policy.yml'),
      onAppended: (recorded) => this.recorded.push(recorded),
    });
    this.rewind.scheduleSweep();
    this.targetGroups = ['blue', 'green'].map((name) => this.#made('TargetGroup', { Name: name }));
    const LoadBalancerArn = this.#made('LoadBalancer', { Name: 'shop' });
    const DefaultActions = this.targetGroups.map((TargetGroupArn) => ({ Type: 'forward', TargetGroupArn }));
    this.call('CreateListener', { LoadBalancerArn, DefaultActions });
    this.call('CreateCluster', { clusterName: 'prod' });
    this.call('CreateService', {
      cluster: 'prod',
      serviceName: 'web',
      taskDefinition: this.register({}),
      desiredCount: 2,
      loadBalancers: [this.#loadBalancer(configuration.strategy !== 'ROLLING')],
      deploymentConfiguration: configuration,
    });
  }

  #made(kind: 'LoadBalancer' | 'TargetGroup', input: object): string {
    const output = this.call(`Create${kind}`, input) as Record<string, [Record<string, string>]>;
    return output[`${kind}s`]?.[0][`${kind}Arn`] ?? '';
  }

  #loadBalancer(shifts: boolean) {
    const [targetGroupArn = '', alternateTargetGroupArn = ''] = this.targetGroups;
    const roleArn = 'arn:aws:iam::123456789012:role/shift';
    const plain = { targetGroupArn, containerName: 'app', containerPort: 80 };
    const advancedConfiguration = { alternateTargetGroupArn, productionListenerRule, roleArn };
    return shifts ? { ...plain, advancedConfiguration } : plain;
  }

  register(dockerLabels: Record<string, string>): string {
    const containerDefinitions = [{ name: 'app', image: 'example/web:1', dockerLabels }];
    const { taskDefinition } = this.call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
    return (taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn;
  }

  call(operation: string, input: object): Record<string, unknown> {
    const caller = { accessKeyId: 'deployer', userAgent: 'test', sourceIpAddress: '127.0.0.1' };
    return this.simulator.call(operation, input, caller);
  }

  /** Somebody changes the rule by which ECS shifts traffic. */
  modifyRule({
    shares = [100, 0],
    stickySeconds,
  }: {
    readonly shares?: readonly number[];
    readonly stickySeconds?: number;
  }): void {
    const TargetGroups = this.targetGroups.map((TargetGroupArn, index) => ({
      TargetGroupArn,
      Weight: shares[index],
    }));
    const sticky = { Enabled: stickySeconds !== undefined, DurationSeconds: stickySeconds };
    const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig: sticky };
    this.call('ModifyRule', {
      RuleArn: productionListenerRule,
      Actions: [{ Type: 'forward', ForwardConfig }],
    });
  }

  /** What the rule says, in percent, of the target group that the first deployment was not in. */
  get shareOfNewGroup(): number {
    const { Rules } = this.call('DescribeRules', { RuleArns: [productionListenerRule] });
    const [rule] = Rules as { Actions: [{ ForwardConfig: { TargetGroups: WeightedGroup[] } }] }[];
    const groups = rule?.Actions[0].ForwardConfig.TargetGroups ?? [];
    return groups.find(({ TargetGroupArn }) => TargetGroupArn === this.targetGroups[1])?.Weight ?? 0;
  }

  async deploy(labels: Record<string, string>, seconds = 7200): Promise<void> {
    const taskDefinition = this.register(labels);
    this.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition });
    await this.pass(seconds);
  }

  /** Time passes, and Rewind does what there is to do. */
  async pass(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      this.clock.advanceBy(5);
      await this.rewind.settle();
    }
  }

  /** The log itself. */
  async stored(): Promise<RecordedEvent[]> {
    const stored: RecordedEvent[] = [];
    for await (const one of this.rewind.eventLog.read(service, null)) stored.push(one);
    return stored;
  }

  /** The newest rollout of the service in short, as `rewind status` shows it. */
  get record(): RolloutRecord {
    const { state } = foldOn(emptyFold(service), this.events, defaultPolicy);
    const [newest] = rolloutRecordsIn(state);
    if (newest === undefined) throw new Error('no rollout was told of');
    return newest;
  }

  /** What was told, in the order of the log. */
  get events(): RewindEvent[] {
    return this.recorded.map(({ event }) => event).sort(comparePlaces);
  }

  /** The decisions of some types on the newest rollout of a family's revision. */
  decisions<Type extends DecidedEvent['type']>(type: Type, revision = 2) {
    const opened = this.events.findLast(
      (event) => event.type === 'RolloutOpened' && event.taskDefinition?.endsWith(`:${revision}`) === true,
    );
    return this.events.filter(
      (event): event is Extract<DecidedEvent, { type: Type }> =>
        event.type === type &&
        opened?.type === 'RolloutOpened' &&
        'deployment' in event &&
        event.deployment === opened.deployment,
    );
  }
}

function queriesIn(input: unknown): number {
  const { MetricDataQueries = [] } = Object(input) as { readonly MetricDataQueries?: readonly unknown[] };
  return MetricDataQueries.length;
}
