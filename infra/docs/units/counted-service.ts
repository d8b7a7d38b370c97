import { cloudWatchAlarms } from '../../../services/aws/alarms/cloudwatch-alarms';
import { awsEcs } from '../../../services/aws/ecs/aws-ecs';
import { awsInventory } from '../../../services/aws/ecs/inventory';
import { discover } from '../../../services/discovery/discover';
import type { EventLog } from '../../../services/event-log/event-log';
import { createIngest } from '../../../services/ingest/ingest';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { createReconciler, type Reconcile } from '../../../services/reconciler/reconcile';
import { sweep } from '../../../services/reconciler/sweep';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant, type Instant, instantFrom } from '../../../state-machines/log/instant';
import { type Position, positionOf } from '../../../state-machines/log/position';
import type { Envelope } from '../../ecs-simulator/src/notifications/envelope';
import type { EcsSimulator } from '../../ecs-simulator/src/simulator';
import { SteppedClock } from '../../local/clock';
import { inProcessClients } from '../../local/simulation/in-process-clients';
import { CallCounts, CountedEcs } from './call-counts';

const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');
const deployer = { accessKeyId: 'deployer', userAgent: '', sourceIpAddress: '' };
/** One alarm a service: what reading it costs is counted too. */
const policies = parsePolicyFile('defaults: { alarms: [web-5xx] }', 'policy');
/** From the start of a rollout to the end of its bake, or of its rollback's. */
const rolloutSeconds = 900;
const idleServices = 100;
const discoverySeconds = 300;

/** A simulated service that Rewind looks after, woken as the stream's batching window of a second wakes it; all that is asked for is counted. */
export class CountedService {
  readonly counts = new CallCounts();
  readonly #clock = new SteppedClock(instantFrom(Date.UTC(2026, 0, 1)));
  readonly #simulator: EcsSimulator;
  readonly #log: EventLog;
  readonly #ingest: (notification: string) => Promise<unknown>;
  readonly #reconcile: Reconcile;
  readonly #arrived: string[] = [];
  #last = '';
  #changedFrom: Position | null = null;
  #nextWakeAt: Instant | null = null;

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
    const now = () => this.#clock.now();
    const emit = (envelope: Envelope) => this.#arrived.push(JSON.stringify(envelope));
    this.#simulator = new CountedEcs({ clock: this.#clock, seed: 1, emit }, this.counts);
    this.#log = this.#watched(log);
    const clients = inProcessClients(this.#simulator, 'rewind');
    const parts = { eventLog: this.#log, policies, now };
    this.#ingest = createIngest(parts);
    let owners = 0;
    this.#reconcile = createReconciler({
      ...parts,
      ecs: awsEcs(clients.ecs),
      alarms: cloudWatchAlarms(clients.cloudWatch),
      newOwner: () => `owner-${++owners}`,
      jitter: () => 0,
      report: () => this.counts.addReconcile(),
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
    await this.#wake();
  }

  async sweep(): Promise<void> {
    const onFailure = (_: string, error: Error) => {
      throw error;
    };
    await sweep({
      eventLog: this.#log,
      reconcile: this.#reconcile,
      now: () => this.#clock.now(),
      onFailure,
    });
  }

  /** Deploys a revision that behaves so, and lets all happen that comes of it. */
  async deploy(behaviour: 'healthy' | 'crash'): Promise<void> {
    const taskDefinition = this.#register(behaviour);
    this.#call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition });
    await this.#pass(rolloutSeconds);
  }

  /** Looks at a hundred more services, in which nothing happens. */
  async discoverIdle(): Promise<void> {
    this.#call('CreateCluster', { clusterName: 'idle' });
    const taskDefinition = this.#register('healthy');
    for (let number = 0; number < idleServices; number += 1) {
      const serviceName = `idle-${number}`;
      this.#call('CreateService', { cluster: 'idle', serviceName, desiredCount: 1, taskDefinition });
    }
    this.#clock.advanceBy(4 * discoverySeconds);
    this.counts.take();
    const clients = inProcessClients(this.#simulator, 'rewind');
    await discover({
      inventory: awsInventory(clients.ecs),
      alarms: cloudWatchAlarms(clients.cloudWatch),
      eventLog: this.#log,
      policies: parsePolicyFile('manage: ["idle/*"]', 'policy'),
      now: () => this.#clock.now(),
      periodSeconds: discoverySeconds,
      onFailure: (_, error) => {
        throw error;
      },
    });
  }

  async #pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.#clock.advanceBy(1);
      for (const notification of this.#arrived.splice(0)) await this.#receive(notification);
      const isDue = this.#nextWakeAt !== null && this.#nextWakeAt <= this.#clock.now();
      if (this.#changedFrom !== null || isDue) await this.#wake();
    }
  }

  async #receive(notification: string): Promise<void> {
    this.counts.addNotification(notification);
    const { detail } = JSON.parse(notification);
    if (detail.lastStatus === 'RUNNING') this.#last = notification;
    await this.#ingest(notification);
  }

  async #wake(): Promise<void> {
    const changedFrom = this.#changedFrom;
    this.#changedFrom = null;
    ({ nextWakeAt: this.#nextWakeAt } = await this.#reconcile({ service, changedFrom }));
  }

  #watched(log: EventLog): EventLog {
    return {
      ...log,
      append: async (recorded) => {
        const result = await log.append(recorded);
        const position = positionOf(recorded.event);
        if (result === 'appended') {
          this.counts.addAppended(position);
          if (this.#changedFrom === null || position < this.#changedFrom) this.#changedFrom = position;
        }
        return result;
      },
    };
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
