import {
  type ClockTime,
  clockTime,
  EcsSimulator,
  type Notification,
  type StartingContainer,
  SteppedClock,
} from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { behaviourUnder, type Loss, type Trait } from './loss';
import type { ServiceSetting } from './service-setting';
import { TaskBook } from './task-book';

const origin = clockTime(Date.UTC(2026, 0, 5));
const caller = { accessKeyId: 'deployer', userAgent: 'aws-cli/2', sourceIpAddress: '198.51.100.7' };
const cluster = 'prod';
const service = 'web';
export const alarmName = 'web-5xx';

/** ECS's own protection of the service, as `deploymentConfiguration` gives it. */
export interface NativeProtection {
  readonly deploymentCircuitBreaker?: object;
  readonly alarms?: object;
}
interface ServiceParts {
  readonly seed: number;
  readonly size: number;
  readonly hosts: number;
  readonly setting: ServiceSetting;
  readonly protection: NativeProtection;
  readonly emit: (notification: Notification) => void;
}

/** One service on the simulator, from its creation to the end of its judged rollout. */
export class SimulatedService {
  readonly traits: Trait[] = [];
  readonly book = new TaskBook();
  readonly clock = new SteppedClock(origin);
  /** When the judged rollout is asked for. */
  readonly judgedAt: ClockTime;
  #judged: string | null = null;
  readonly #simulator: EcsSimulator;
  readonly #parts: ServiceParts;
  /** What became of a pending task in its start, until it runs. */
  readonly #drawn = new Map<string, readonly Loss[]>();

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.judgedAt = clockTime(origin + parts.setting.judgedAfterSeconds * 1000);
    this.#simulator = new EcsSimulator({
      clock: this.clock,
      seed: parts.seed,
      emit: parts.emit,
      chooseBehaviour: (container) => this.#behaviourOf(container),
    });
  }

  /** The deployment that is judged; null before it was asked for. */
  get judged(): string | null {
    return this.#judged;
  }

  /** Creates the service and plays up to the moment at which the judged rollout is asked for. */
  create(): void {
    const { setting, size, hosts } = this.#parts;
    this.#call('CreateCluster', { clusterName: cluster });
    if (setting.launchType === 'EC2') this.#simulator.platform.addContainerInstances(cluster, hosts);
    if (setting.hasAlarm) this.#createAlarm();
    this.#call('CreateService', {
      ...{ cluster, serviceName: service, desiredCount: size, launchType: setting.launchType },
      taskDefinition: this.#register(),
      deploymentConfiguration: {
        minimumHealthyPercent: setting.minimumHealthyPercent,
        maximumPercent: setting.maximumPercent,
        ...this.#parts.protection,
      },
      healthCheckGracePeriodSeconds: setting.healthCheckGraceSeconds,
      ...(setting.health === 'load-balancer' ? { loadBalancers: [loadBalancer] } : {}),
    });
    this.clock.advanceBy(setting.secondAfterSeconds);
    this.#deploy();
    this.clock.advanceTo(this.judgedAt);
  }

  /** Asks for the judged rollout. */
  deployJudged(): void {
    this.#judged = this.#deploy();
  }

  /** What DescribeServices shows of ECS's own count. */
  breakerCount(): {
    readonly failedTasks: number;
    readonly desiredCount: number;
    readonly deployment: string;
  } {
    const { services } = this.#call('DescribeServices', { cluster, services: [service] }) as {
      services: [{ desiredCount: number; deployments: [{ id: string; failedTasks: number }] }];
    };
    const [{ desiredCount, deployments }] = services;
    return { failedTasks: deployments[0].failedTasks, desiredCount, deployment: deployments[0].id };
  }

  at(seconds: number, run: () => void): void {
    this.clock.schedule(clockTime(this.judgedAt + seconds * 1000), run);
  }

  in(seconds: number, run: () => void): void {
    this.clock.schedule(clockTime(this.clock.now() + seconds * 1000), run);
  }

  exitContainers(
    tasks: ReadonlySet<string>,
    {
      cause,
      isOfTheRelease = false,
    }: { cause: { code: number; reason: string | null }; isOfTheRelease?: boolean },
  ): void {
    this.book.noteBlow(tasks, isOfTheRelease);
    this.#simulator.platform.exitContainers({ cluster, service, tasks }, cause);
  }

  failHealthCheck(
    tasks: ReadonlySet<string>,
    { isOfTheRelease = false }: { isOfTheRelease?: boolean },
  ): void {
    this.book.noteBlow(tasks, isOfTheRelease);
    const check = this.#parts.setting.health === 'load-balancer' ? 'load balancer' : 'container';
    this.#simulator.platform.failHealthCheck({ cluster, service, tasks }, check);
  }

  interruptSpot(tasks: ReadonlySet<string>): void {
    this.book.noteBlow(tasks, false);
    this.#simulator.platform.interruptSpot({ cluster, service, tasks });
  }

  loseHost(tasks: ReadonlySet<string>): void {
    this.book.noteBlow(tasks, false);
    this.#simulator.platform.loseHost({ cluster, service, tasks });
  }

  setCapacity(hasCapacity: boolean): void {
    this.#simulator.platform.setCapacity(cluster, hasCapacity);
  }

  scaleTo(desiredCount: number): void {
    this.#call('UpdateService', { cluster, service, desiredCount });
  }

  setAlarm(StateValue: 'OK' | 'ALARM'): void {
    this.#call('SetAlarmState', { AlarmName: alarmName, StateValue, StateReason: 'Threshold Crossed' });
  }

  #createAlarm(): void {
    this.#call('PutMetricAlarm', {
      ...{ AlarmName: alarmName, Namespace: 'Web', MetricName: 'Errors', Statistic: 'Sum' },
      ...{ Period: 60, EvaluationPeriods: 2, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' },
    });
    this.in(300, () => this.setAlarm('OK'));
  }

  #deploy(): string {
    const input = { cluster, service, taskDefinition: this.#register() };
    const { service: updated } = this.#call('UpdateService', input) as {
      service: { deployments: [{ id: string }] };
    };
    return updated.deployments[0].id;
  }

  #register(): string {
    const { containers, health } = this.#parts.setting;
    const check = { command: ['CMD', 'healthy'], interval: 30, retries: 3 };
    const containerDefinitions = containers.map((name) => ({
      ...{ name, image: `example/${name}:1` },
      ...(health === 'container' && name === 'app' ? { healthCheck: check } : {}),
    }));
    const { taskDefinition } = this.#call('RegisterTaskDefinition', {
      family: 'web',
      containerDefinitions,
    }) as {
      taskDefinition: { taskDefinitionArn: string };
    };
    return taskDefinition.taskDefinitionArn;
  }

  #behaviourOf({ id, startedBy, lastStatus, availabilityZone, container }: StartingContainer) {
    const isFirst = container === this.#parts.setting.containers[0];
    const step = lastStatus === 'RUNNING' ? 'running' : 'pending';
    if (isFirst) {
      const at = (this.clock.now() - this.judgedAt) / 1000;
      const task = { id, isNew: startedBy === this.#judged, step, availabilityZone, at } as const;
      const losses = this.traits.map((trait) => trait(task)).filter((loss) => loss !== null);
      this.book.noteLosses(id, losses);
      this.#drawn.set(id, losses);
    }
    const drawn = this.#drawn.get(id) ?? [];
    return drawn.length === 0 ? null : behaviourUnder(drawn, container);
  }

  #call(operation: string, input: object): Record<string, unknown> {
    return this.#simulator.call(operation, input, caller);
  }
}

const loadBalancer = {
  targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef',
  containerName: 'app',
  containerPort: 80,
};
