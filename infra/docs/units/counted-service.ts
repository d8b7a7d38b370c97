import { cloudWatchAlarms } from '../../../services/aws/alarms/cloudwatch-alarms';
import { awsEcs } from '../../../services/aws/ecs/aws-ecs';
import { awsInventory } from '../../../services/aws/ecs/inventory';
import type { EventLog } from '../../../services/event-log/event-log';
import { type PolicyFile, parsePolicyFile } from '../../../services/policy/policy-file';
import { logKeyOf } from '../../../state-machines/log/events';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant, instantFrom } from '../../../state-machines/log/instant';
import { type EcsSimulator, type Notification, SteppedClock } from '../../ecs-simulator/src/ecs-simulator';
import { deployedRules } from '../../local/aws/bus/bus';
import { matchesEventPattern } from '../../local/aws/bus/event-patterns';
import { inProcessClients } from '../../local/in-process-clients';
import { discoverySeconds, RewindInProcess } from '../../local/rewind-in-process';
import { CallCounts, CountedEcs } from './call-counts';

const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');
const deployer = { accessKeyId: 'deployer', userAgent: '', sourceIpAddress: '' };
/** One alarm a service: what reading it costs is counted too. */
const policies = parsePolicyFile('defaults: { alarms: [web-5xx] }', 'policy');
/** From the start of a rollout to the end of its bake, or of its rollback's. */
const rolloutSeconds = 900;
const idleServices = 100;

/**
 * A simulated service that Rewind looks after, woken as the stream's batching window of a second
 * wakes it; all that is asked for is counted.
 */
export class CountedService {
  readonly counts = new CallCounts();
  readonly #clock = new SteppedClock(instantFrom(Date.UTC(2026, 0, 1)));
  readonly #simulator: EcsSimulator;
  readonly #log: EventLog;
  readonly #rewind: RewindInProcess;
  readonly #arrived: string[] = [];
  #last = '';

  /** With a revision that has proven itself. */
  static async start(log: EventLog, desiredCount: number): Promise<CountedService> {
    const started = new CountedService(log);
    started.#call('PutMetricAlarm', serviceAlarm);
    started.#call('SetAlarmState', {
      AlarmName: serviceAlarm.AlarmName,
      StateValue: 'OK',
      StateReason: 'none',
    });
    started.#call('CreateCluster', { clusterName: 'prod' });
    started.#call('CreateService', {
      cluster: 'prod',
      serviceName: 'web',
      desiredCount,
      taskDefinition: started.#register('healthy'),
    });
    await started.#pass(rolloutSeconds);
    return started;
  }

  private constructor(log: EventLog) {
    const rules = deployedRules();
    const emit = (notification: Notification) => {
      const isAskedFor = rules.some(({ pattern }) => matchesEventPattern(pattern, notification));
      if (isAskedFor) this.#arrived.push(JSON.stringify(notification));
    };
    this.#simulator = new CountedEcs({ clock: this.#clock, seed: 1, emit }, this.counts);
    this.#log = log;
    this.#rewind = this.#rewindWith(policies);
  }

  #rewindWith(own: PolicyFile): RewindInProcess {
    const clients = inProcessClients(this.#simulator, 'rewind');
    return new RewindInProcess({
      clock: this.#clock,
      eventLog: this.#log,
      policies: own,
      ecs: awsEcs(clients.ecs),
      alarms: cloudWatchAlarms(clients.cloudWatch),
      report: () => this.counts.addReconcile(),
      onAppended: ({ event }) => this.counts.addAppended(logKeyOf(event)),
    });
  }

  /** A task tells once more that it runs. */
  async notifyOnce(): Promise<void> {
    this.#clock.advanceBy(1);
    const envelope = JSON.parse(this.#last);
    const detail = { ...envelope.detail, updatedAt: formatInstant(this.#clock.now()) };
    this.#last = JSON.stringify({ ...envelope, id: '6f1d8b0e-5b0a-4c7e-9a57-0d1f5f3c2b11', detail });
    await this.#receive(this.#last);
  }

  async notifyAgain(): Promise<void> {
    await this.#receive(this.#last);
  }

  async reconcile(): Promise<void> {
    await this.#rewind.wake(service);
  }

  async sweep(): Promise<void> {
    await this.#rewind.sweep();
  }

  /** Deploys a revision that behaves so, and lets all happen that comes of it. */
  async deploy(behaviour: 'healthy' | 'crash'): Promise<void> {
    const taskDefinition = this.#register(behaviour);
    this.#call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition });
    await this.#pass(rolloutSeconds);
  }

  /** A hundred more services, which a discovery has looked at, and in which nothing happens. */
  async createIdle(): Promise<void> {
    this.#call('CreateCluster', { clusterName: 'idle' });
    const taskDefinition = this.#register('healthy');
    for (let number = 0; number < idleServices; number += 1) {
      const serviceName = `idle-${number}`;
      this.#call('CreateService', { cluster: 'idle', serviceName, desiredCount: 1, taskDefinition });
    }
    this.#clock.advanceBy(4 * discoverySeconds);
    await this.discoverIdle();
    this.#clock.advanceBy(discoverySeconds);
  }

  /** Looks at them. */
  async discoverIdle(): Promise<void> {
    const { ecs } = inProcessClients(this.#simulator, 'rewind');
    const idle = this.#rewindWith(parsePolicyFile('manage: ["idle/*"]', 'policy'));
    await idle.discover(awsInventory(ecs));
  }

  async #pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.#clock.advanceBy(1);
      for (const notification of this.#arrived.splice(0)) await this.#receive(notification);
      if (this.#rewind.isDue(service)) await this.#rewind.wake(service);
    }
  }

  async #receive(notification: string): Promise<void> {
    this.counts.addNotification(notification);
    const { detail } = JSON.parse(notification);
    if (detail.lastStatus === 'RUNNING') this.#last = notification;
    await this.#rewind.ingest(notification);
  }

  #register(behaviour: string): string {
    const dockerLabels = { 'rewind.behaviour': behaviour };
    const containerDefinitions = [{ name: 'app', image: 'example/web:1', dockerLabels }];
    const { taskDefinition } = this.#call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
    return (taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn;
  }

  #call(operation: string, input: object): Record<string, unknown> {
    return this.#simulator.call(operation, input, deployer);
  }
}

/** What PutMetricAlarm takes for the one alarm that the policy names. */
export const serviceAlarm = {
  AlarmName: 'web-5xx',
  Namespace: 'app',
  MetricName: '5xx',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 10,
  ComparisonOperator: 'GreaterThanThreshold',
};
