import { type DeploymentId, parseDeploymentId } from '../../../../state-machines/log/identifiers';
import type { Call, EcsSimulator } from '../../../ecs-simulator/src/ecs-simulator';
import { rewindAccessKey } from '../../aws/functions/handler-environment';
import {
  labelsOf,
  type Revision,
  type Scenario,
  type ScenarioAlarm,
  type ScenarioService,
  type ScenarioStep,
} from './scenario-schema';
import type { ServiceNow } from './service-now';

export const operatorAccessKey = 'operator';
const caller = { accessKeyId: operatorAccessKey, userAgent: 'rewind simulate', sourceIpAddress: '127.0.0.1' };

/**
 * Does in a simulated account what a scenario says, as its operator, who knows nothing of Rewind.
 */
export class Director {
  readonly #simulator: EcsSimulator;
  readonly #scenario: Scenario;
  /** So many writes were nobody's act in the story: they were before. */
  readonly #writesBefore: number;
  #lastDeployment: DeploymentId | null = null;

  constructor(simulator: EcsSimulator, scenario: Scenario) {
    this.#simulator = simulator;
    this.#scenario = scenario;
    this.#writesBefore = simulator.calls.list().length;
  }

  /**
   * What there is from the beginning: the cluster, the alarms, and each service with its first
   * revision.
   */
  begin(): void {
    this.#call('CreateCluster', { clusterName: this.#scenario.cluster });
    for (const alarm of this.#scenario.alarms) this.#putAlarm(alarm);
    for (const { family, ...revision } of this.#scenario.taskDefinitions) this.#register(family, revision);
    for (const service of this.#scenario.services) this.#create(service);
  }

  /** Does one step. Throws EcsError where ECS refuses it. */
  take(step: ScenarioStep): void {
    const { cluster } = this.#scenario;
    const { platform } = this.#simulator;
    if (step.deploy) this.#deploy(step.deploy);
    if (step.scale) this.#call('UpdateService', { cluster, ...step.scale });
    if (step.deregister) this.#deregister(step.deregister.service);
    if (step.stop) this.#stop(step.stop.service);
    if (step.continue) this.#continue(step.continue);
    if (step.alarm) this.#setAlarm(step.alarm);
    if (step.errorPercent !== undefined) this.#setErrorPercent(step.errorPercent);
    if (step.capacity) platform.setCapacity(cluster, step.capacity === 'enough');
    if (step.interruptSpot) platform.interruptSpot(affected(cluster, step.interruptSpot));
    if (step.loseHost) platform.loseHost(affected(cluster, step.loseHost));
    if (step.disconnectAgent) {
      platform.disconnectAgent(affected(cluster, step.disconnectAgent), step.disconnectAgent.seconds);
    }
  }

  /**
   * The deployment that was begun last, by CreateService, UpdateService or a rollback of the
   * operator's; null before the first.
   */
  get lastDeployment(): DeploymentId | null {
    return this.#lastDeployment;
  }

  /** Somebody else has deployed: takes the first service's deployment for the last. */
  lookForDeployment(): void {
    this.#lastDeployment = primaryIn({ service: this.look().service });
  }

  /** The writes that Rewind asked ECS for. */
  get writesOfRewind(): readonly Call[] {
    const inStory = this.#simulator.calls.list().slice(this.#writesBefore);
    return inStory.filter(({ by, operation }) => by === rewindAccessKey && operation !== 'PutEvents');
  }

  /** The first service as ECS describes it now. */
  look(): ServiceNow {
    const cluster = this.#scenario.cluster;
    const name = this.#scenario.services[0]?.name;
    const { services } = this.#call('DescribeServices', { cluster, services: [name] });
    const { taskArns } = this.#call('ListTasks', { cluster, serviceName: name });
    const { tasks } = this.#call('DescribeTasks', { cluster, tasks: taskArns });
    return { service: (services as ServiceNow['service'][])[0], tasks } as ServiceNow;
  }

  #create(service: ScenarioService): void {
    const {
      name: serviceName,
      desiredCount,
      deploymentConfiguration,
      healthCheckGracePeriodSeconds,
    } = service;
    const created = this.#call('CreateService', {
      cluster: this.#scenario.cluster,
      serviceName,
      taskDefinition: this.#register(serviceName, service),
      desiredCount,
      deploymentConfiguration,
      healthCheckGracePeriodSeconds,
      ...(service.loadBalancer ? { loadBalancers: [this.#loadBalancerOf(serviceName)] } : {}),
    });
    this.#lastDeployment = primaryIn(created);
  }

  #deploy({ service, deploymentConfiguration, ...revision }: NonNullable<ScenarioStep['deploy']>): void {
    const taskDefinition = this.#register(service, revision);
    const updated = this.#call('UpdateService', {
      cluster: this.#scenario.cluster,
      service,
      taskDefinition,
      deploymentConfiguration,
    });
    this.#lastDeployment = primaryIn(updated);
  }

  #register(family: string, revision: Revision): string {
    const { healthCheck } = revision;
    const { taskDefinition } = this.#call('RegisterTaskDefinition', {
      family,
      containerDefinitions: [
        {
          name: 'app',
          image: `example/${family}:${revision.behaviour}`,
          dockerLabels: labelsOf(revision),
          logConfiguration: logsOf(family),
          ...(healthCheck ? { healthCheck: { command: ['CMD', 'check'], ...healthCheck } } : {}),
        },
      ],
    }) as { taskDefinition: { taskDefinitionArn: string } };
    return taskDefinition.taskDefinitionArn;
  }

  /** With users, load balancers and target groups are there as CloudWatch names them. */
  #loadBalancerOf(service: string) {
    const planned = loadBalancerOf(service);
    if (this.#scenario.traffic === undefined) return planned;
    const made = (kind: 'LoadBalancer' | 'TargetGroup', Name: string) => {
      const output = this.#call(`Create${kind}`, { Name }) as Record<string, [Record<string, string>]>;
      return output[`${kind}s`]?.[0][`${kind}Arn`] ?? '';
    };
    const targetGroupArn = made('TargetGroup', `${service}-a`);
    const alternateTargetGroupArn = made('TargetGroup', `${service}-b`);
    const groups = [targetGroupArn, alternateTargetGroupArn];
    const DefaultActions = groups.map((TargetGroupArn) => ({ Type: 'forward', TargetGroupArn }));
    const LoadBalancerArn = made('LoadBalancer', service);
    this.#call('CreateListener', { LoadBalancerArn, DefaultActions });
    const advancedConfiguration = { ...planned.advancedConfiguration, alternateTargetGroupArn };
    return { ...planned, targetGroupArn, advancedConfiguration };
  }

  #setErrorPercent(errorPercent: number): void {
    const { traffic } = this.#simulator;
    if (traffic !== null) traffic.errorPercent = errorPercent;
  }

  #deregister(service: string): void {
    const { cluster } = this.#scenario;
    const { services } = this.#call('DescribeServices', { cluster, services: [service] });
    const { taskDefinition } = (services as { taskDefinition: string }[])[0] ?? {};
    this.#call('DeregisterTaskDefinition', { taskDefinition });
  }

  #stop(service: string): void {
    const serviceDeploymentArn = this.#newestDeployment(service);
    this.#call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });
  }

  #continue({ service, action }: NonNullable<ScenarioStep['continue']>): void {
    const serviceDeploymentArn = this.#newestDeployment(service);
    const { serviceDeployments } = this.#call('DescribeServiceDeployments', {
      serviceDeploymentArns: [serviceDeploymentArn],
    }) as { serviceDeployments: { lifecycleHookDetails?: { hookId: string; status: string }[] }[] };
    const hooks = serviceDeployments[0]?.lifecycleHookDetails ?? [];
    for (const { hookId } of hooks.filter(({ status }) => status === 'AWAITING_ACTION')) {
      this.#call('ContinueServiceDeployment', { serviceDeploymentArn, hookId, action });
    }
  }

  #newestDeployment(service: string): string {
    const { serviceDeployments } = this.#call('ListServiceDeployments', {
      cluster: this.#scenario.cluster,
      service,
    }) as { serviceDeployments: { serviceDeploymentArn: string }[] };
    return serviceDeployments[0]?.serviceDeploymentArn ?? '';
  }

  #putAlarm({ name, memory, periodSeconds, evaluationPeriods }: ScenarioAlarm): void {
    const { cluster } = this.#scenario;
    this.#call('PutMetricAlarm', {
      AlarmName: name,
      Namespace: memory ? 'AWS/ECS' : 'scenario',
      MetricName: memory ? 'MemoryUtilization' : name,
      Dimensions: memory
        ? [
            { Name: 'ClusterName', Value: cluster },
            { Name: 'ServiceName', Value: memory.service },
          ]
        : [],
      Statistic: 'Average',
      Period: periodSeconds,
      EvaluationPeriods: evaluationPeriods,
      Threshold: memory?.above ?? 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
    if (!memory) this.#setAlarm({ name, state: 'OK' });
  }

  #setAlarm({ name, state }: NonNullable<ScenarioStep['alarm']>): void {
    this.#call('SetAlarmState', { AlarmName: name, StateValue: state, StateReason: 'As the scenario says.' });
  }

  #call(operation: string, input: object): Record<string, unknown> {
    const given = Object.entries(input).filter(([, value]) => value !== undefined);
    return this.#simulator.call(operation, Object.fromEntries(given), caller);
  }
}

function primaryIn(answer: Record<string, unknown>): DeploymentId {
  const { deployments } = answer.service as { deployments: { id: string; status: string }[] };
  return parseDeploymentId(deployments.find(({ status }) => status === 'PRIMARY')?.id ?? '');
}

function logsOf(family: string) {
  const options = { 'awslogs-group': `/ecs/${family}`, 'awslogs-stream-prefix': family };
  return { logDriver: 'awslogs', options };
}

function affected(cluster: string, { service, count }: { service: string; count?: number | undefined }) {
  return { cluster, service, ...(count === undefined ? {} : { count }) };
}

function loadBalancerOf(service: string) {
  const balancer = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
  return {
    targetGroupArn: `${balancer}:targetgroup/${service}/1`,
    containerName: 'app',
    containerPort: 80,
    advancedConfiguration: {
      alternateTargetGroupArn: `${balancer}:targetgroup/${service}-alternate/1`,
      productionListenerRule: `${balancer}:listener-rule/app/${service}/1/1/1`,
      roleArn: 'arn:aws:iam::123456789012:role/traffic',
    },
  };
}
