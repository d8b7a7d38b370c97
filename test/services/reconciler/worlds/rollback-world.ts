import {
  EcsSimulator,
  type Notification,
  SteppedClock,
} from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { inProcessClients } from '../../../../infra/local/in-process-clients';
import { RewindInProcess } from '../../../../infra/local/rewind-in-process';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import type { Ecs } from '../../../../services/aws/ecs/ecs';
import type { EventLog } from '../../../../services/event-log/event-log';
import { type PolicyFile, parsePolicyFile } from '../../../../services/policy/policy-file';
import type { Reconcile, WakeUp } from '../../../../services/reconciler/reconcile';
import type { ReconcileReport } from '../../../../services/reconciler/reconcile-report';
import type { DecidedEvent } from '../../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../../state-machines/log/events';
import type { Instant } from '../../../../state-machines/log/instant';
import { instantFrom } from '../../../../state-machines/log/instant';
import { comparePlaces } from '../../../../state-machines/log/position';

import { type Gate, gatedEcs, gatedLog } from './gated-effects';
import { service } from './rewind-at-work';
import { StatedAlarms } from './stated-alarms';

/** A write of Rewind's that changed the service, and what was deployed when it did. */
interface EffectiveRollback {
  readonly operation: string;
  readonly from: string;
  /** Whether the log held a failed verdict on that deployment by then. */
  readonly wasJudged: boolean;
}

export interface BadRollout {
  /** Whether the tasks crash while ECS still works on the deployment, or only in its bake. */
  readonly crashes: 'at once' | 'in the bake';
  readonly breaker: 'none' | 'rolls back' | 'only fails';
  /** Whether the stable task definition is deregistered meanwhile. */
  readonly deregisters?: true;
}

export interface WorldParts {
  readonly log: EventLog;
  readonly seed: number;
  /** After how many seconds a notification arrives, each time that it does; else at once. */
  readonly delaysOf?: (envelope: Notification) => readonly number[];
  readonly policies?: PolicyFile;
}

const promptly = () => [0];

/**
 * A service in ECS whose stable revision is proven and whose newest one is failing; Rewind has
 * heard of it and done nothing yet.
 */
export class RollbackWorld {
  readonly clock = new SteppedClock(instantFrom(Date.UTC(2026, 0, 1)));
  readonly notifications: Notification[] = [];
  readonly reports: ReconcileReport[] = [];
  readonly rollbacks: EffectiveRollback[] = [];
  readonly simulator: EcsSimulator;
  readonly plainEcs: Ecs;
  stable = '';
  bad = '';
  readonly #rewind: RewindInProcess;

  private constructor({ log, seed, delaysOf = promptly, policies = ownPolicies }: WorldParts) {
    const emit = (envelope: Notification) => {
      this.notifications.push(envelope);
      for (const seconds of delaysOf(envelope)) this.#rewind.receive(envelope, seconds);
    };
    this.simulator = new EcsSimulator({ clock: this.clock, seed, emit });
    this.plainEcs = this.#counting(awsEcs(inProcessClients(this.simulator, 'rewind').ecs));
    this.#rewind = new RewindInProcess({
      clock: this.clock,
      eventLog: log,
      ecs: this.plainEcs,
      alarms: new StatedAlarms(),
      policies,
      report: (report) => this.reports.push(report),
    });
  }

  get log(): EventLog {
    return this.#rewind.eventLog;
  }

  static async start(parts: WorldParts & { rollout: BadRollout }): Promise<RollbackWorld> {
    const world = await RollbackWorld.startStable(parts);
    await world.deployBad(parts.rollout);
    await world.passUntil(() => world.#crashes >= 2);
    return world;
  }

  /** The service with its stable revision only. */
  static async startStable(parts: WorldParts): Promise<RollbackWorld> {
    const world = new RollbackWorld(parts);
    await world.#proveStable();
    return world;
  }

  async #proveStable(): Promise<void> {
    this.call('CreateCluster', { clusterName: 'prod' });
    this.stable = this.register({});
    this.call('CreateService', {
      cluster: 'prod',
      serviceName: 'web',
      taskDefinition: this.stable,
      desiredCount: 2,
    });
    for (const seconds of [200, 300, 900]) {
      this.clock.advanceBy(seconds);
      await this.deliver();
      await this.reconcilerBehind(openGate)(this.wakeUp());
    }
  }

  async deployBad({ crashes, breaker, deregisters }: BadRollout): Promise<void> {
    const after = crashes === 'at once' ? '5' : '150';
    this.bad ||= this.register({ 'rewind.behaviour': 'crash', 'rewind.crash-after': after });
    const deploymentCircuitBreaker = { enable: breaker !== 'none', rollback: breaker === 'rolls back' };
    const deploymentConfiguration = { deploymentCircuitBreaker };
    this.call('UpdateService', {
      cluster: 'prod',
      service: 'web',
      taskDefinition: this.bad,
      deploymentConfiguration,
    });
    if (deregisters) this.call('DeregisterTaskDefinition', { taskDefinition: this.stable });
  }

  async passUntil(hasHappened: () => boolean): Promise<void> {
    for (let second = 0; second < 900 && !hasHappened(); second += 1) {
      this.clock.advanceBy(1);
      await this.deliver();
    }
  }

  /** A call by whoever deploys. */
  call(operation: string, input: object): Record<string, unknown> {
    const caller = { accessKeyId: 'deployer', userAgent: 'test', sourceIpAddress: '127.0.0.1' };
    return this.simulator.call(operation, input, caller);
  }

  register(dockerLabels: Record<string, string>): string {
    const containerDefinitions = [{ name: 'app', image: 'example/web:1', dockerLabels }];
    const { taskDefinition } = this.call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
    return (taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn;
  }

  /** Another reconciler, each of its effects behind a gate. */
  reconcilerBehind(gate: Gate, parts: { log?: EventLog; ecs?: Ecs } = {}): Reconcile {
    return this.#rewind.reconcilerWith({
      eventLog: gatedLog(parts.log ?? this.log, gate),
      ecs: gatedEcs(parts.ecs ?? this.plainEcs, gate),
      alarms: new StatedAlarms(),
    });
  }

  /** What the table's stream says when the log has changed: from where on; null when it has not. */
  wakeUp(): WakeUp {
    return this.#rewind.takeWakeUp(service);
  }

  get hasNews(): boolean {
    return this.#rewind.hasChanges;
  }

  /** Ingests what has arrived by now. */
  deliver(): Promise<void> {
    return this.#rewind.ingestArrived();
  }

  /**
   * Lets the rest happen: time passes, Rewind is woken by news and when it wanted to be, until it
   * waits for nothing any more.
   */
  async settle(): Promise<void> {
    let nextWakeAt: Instant | null = this.clock.now();
    for (let round = 0; round < settlingRounds; round += 1) {
      if (nextWakeAt === null && !this.#rewind.isExpecting) return;
      this.clock.advanceBy(20);
      await this.deliver();
      while (this.hasNews || (nextWakeAt !== null && nextWakeAt <= this.clock.now())) {
        ({ nextWakeAt } = await this.reconcilerBehind(openGate)(this.wakeUp()));
      }
    }
  }

  /** In the order of the fold. */
  async events(): Promise<RewindEvent[]> {
    const events: RewindEvent[] = [];
    for await (const { event } of this.log.read(service, null)) events.push(event);
    return events.sort(comparePlaces);
  }

  async decisions<Type extends DecidedEvent['type']>(...types: Type[]) {
    const events = await this.events();
    return events.filter((event): event is Extract<DecidedEvent, { type: Type }> =>
      (types as string[]).includes(event.type),
    );
  }

  /** The deployments that ECS itself took back, as it told. */
  get nativeRollbacks(): number {
    const isNative = ({ detail }: Notification) =>
      /circuit breaker: rolling back/.test(String(detail.reason));
    return this.notifications.filter(isNative).length;
  }

  primary(): { id: string; taskDefinition: string } {
    const { services } = this.call('DescribeServices', { cluster: 'prod', services: ['web'] });
    return (
      (services as { deployments: { id: string; taskDefinition: string }[] }[])[0]?.deployments[0] ?? {
        id: '',
        taskDefinition: '',
      }
    );
  }

  get #crashes(): number {
    return this.notifications.filter(
      ({ detail }) => detail.lastStatus === 'STOPPED' && detail.stopCode === 'EssentialContainerExited',
    ).length;
  }

  #counting(ecs: Ecs): Ecs {
    const counted = async <Result>(operation: string, run: () => Promise<Result>): Promise<Result> => {
      const { id: from } = this.primary();
      const verdicts = await this.decisions('VerdictReached');
      const wasJudged = verdicts.some(
        ({ deployment, verdict }) => deployment === from && verdict.result === 'failed',
      );
      const effective = this.simulator.calls.effective(operation).length;
      const result = await run();
      const hadEffect = this.simulator.calls.effective(operation).length > effective;
      if (hadEffect) this.rollbacks.push({ operation, from, wasJudged });
      return result;
    };
    return {
      ...ecs,
      stopServiceDeployment: (arn) => counted('StopServiceDeployment', () => ecs.stopServiceDeployment(arn)),
      updateService: (name, update) => counted('UpdateService', () => ecs.updateService(name, update)),
    };
  }
}

const settlingRounds = 120;
const ownPolicies = parsePolicyFile('defaults: { bakeSeconds: 200, rollbackBudget: 20 }', 'policy');
export const openGate: Gate = { before: async () => {}, after: async () => {} };
