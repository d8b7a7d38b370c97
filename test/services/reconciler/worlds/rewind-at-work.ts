import type { ECSClient } from '@aws-sdk/client-ecs';
import type { EcsSimulatorOptions, Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { inProcessClients } from '../../../../infra/local/in-process-clients';
import { RewindInProcess, sweepSeconds } from '../../../../infra/local/rewind-in-process';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import { awsInventory } from '../../../../services/aws/ecs/inventory';
import { awsTests } from '../../../../services/aws/tests/aws-tests';
import type { ReleaseTests } from '../../../../services/aws/tests/release-tests';
import type { DiscoveryCounts } from '../../../../services/discovery/discover';
import type { EventLog, RecordedEvent } from '../../../../services/event-log/event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { Reconcile, ReconcilerParts } from '../../../../services/reconciler/reconcile';
import type { ReconcileReport } from '../../../../services/reconciler/reconcile-report';
import type { DecidedEvent } from '../../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../../state-machines/log/events';
import { isDecided } from '../../../../state-machines/log/events';
import { parseServiceArn } from '../../../../state-machines/log/identifiers';
import { comparePlaces } from '../../../../state-machines/log/position';
import { SimulatedEcs } from '../../../infra/ecs-simulator/simulated-ecs';
import { alarmNotification, StatedAlarms } from './stated-alarms';

export const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');
export const promptly = () => [0];
export const never = () => [];
export const crashing = { 'rewind.behaviour': 'crash', 'rewind.crash-after': '5' };

interface RewindAtWorkOptions {
  /** The text of the policy file; none if left out. */
  readonly policy?: string;
  /** Answers ECS where a lifecycle hook names a function. */
  readonly invokeLambda?: EcsSimulatorOptions['invokeLambda'];
}

interface World {
  readonly ecs: SimulatedEcs;
  readonly alarms: StatedAlarms;
}

/**
 * The service, the log and Rewind, on a stepped clock: every second, notifications are ingested and
 * Rewind is woken.
 */
export class RewindAtWork {
  readonly reports: ReconcileReport[] = [];
  readonly ecs: SimulatedEcs;
  readonly alarms: StatedAlarms;
  /** Whether the log and the sweep wake Rewind; what happens meanwhile is still recorded. */
  isAwake = true;
  /** After how many seconds a notification reaches Rewind, each time that it does. */
  delaysOf: (notification: Notification) => readonly number[] = promptly;
  readonly log: EventLog;
  readonly #rewind: RewindInProcess;
  #sent = 0;
  #passed = 0;

  static async start(log: EventLog, options: RewindAtWorkOptions = {}): Promise<RewindAtWork> {
    const { invokeLambda } = options;
    const ecs = await SimulatedEcs.start(1, invokeLambda === undefined ? {} : { invokeLambda });
    return new RewindAtWork({ ecs, alarms: new StatedAlarms() }, log, options);
  }

  private constructor({ ecs, alarms }: World, log: EventLog, { policy = '' }: RewindAtWorkOptions) {
    this.ecs = ecs;
    this.alarms = alarms;
    this.#rewind = new RewindInProcess({
      clock: ecs.clock,
      eventLog: log,
      ecs: awsEcs(this.rewindsClient()),
      alarms,
      tests: this.rewindsTests(),
      policies: parsePolicyFile(policy, 'policy'),
      report: (report) => this.reports.push(report),
    });
    this.log = this.#rewind.eventLog;
  }

  get reconcile(): Reconcile {
    return this.#rewind.reconcile;
  }

  /** The alarm changes its state now; CloudWatch notifies, unless the notification is lost. */
  alarm(name: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', { isLost = false } = {}): void {
    const at = this.ecs.clock.now();
    const previous = this.alarms.states.get(name)?.state ?? 'INSUFFICIENT_DATA';
    this.alarms.states.set(name, { state, since: at });
    if (!isLost) this.ecs.notifications.push(alarmNotification({ name, state, previous, at }) as never);
  }

  /**
   * Another reconciler on the same log and service, under the default policy unless it has its own.
   */
  reconcilerWith({
    log,
    ...parts
  }: Partial<Pick<ReconcilerParts, 'policies' | 'ecs' | 'tests' | 'mode' | 'killSwitch' | 'callerFor'>> & {
    log?: EventLog;
  } = {}): Reconcile {
    const policies = parsePolicyFile('', 'policy');
    return this.#rewind.reconcilerWith({ policies, ...(log && { eventLog: log }), ...parts });
  }

  /**
   * Rewind's own SDK client: the simulator tells its calls from the deployer's by the access key.
   */
  rewindsClient(): ECSClient {
    return inProcessClients(this.ecs.simulator, 'rewind').ecs;
  }

  /** What Rewind runs tests by. */
  rewindsTests(): ReleaseTests {
    const { ecs, logs, lambda } = inProcessClients(this.ecs.simulator, 'rewind');
    return awsTests(() => ({ ecs, logs: async () => logs, lambda: async () => lambda }));
  }

  /** Lets time pass, a second at a time. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.ecs.clock.advanceBy(1);
      await this.ecs.simulator.idle();
      await this.deliver();
      this.#passed += 1;
      if (this.#passed % sweepSeconds === 0 && this.isAwake) await this.sweep();
    }
  }

  /** Ingests what ECS reported since, and wakes Rewind where the log has changed. */
  async deliver(): Promise<void> {
    for (const envelope of this.ecs.notifications.slice(this.#sent)) {
      for (const seconds of this.delaysOf(envelope)) this.#rewind.receive(envelope, seconds);
    }
    this.#sent = this.ecs.notifications.length;
    if (this.isAwake) await this.#rewind.settle();
    else await this.#rewind.ingestArrived();
  }

  /** Looks for what no notification reported, and wakes Rewind where it found something. */
  async discover(): Promise<DiscoveryCounts> {
    const discovered = await this.#rewind.discover(awsInventory(this.rewindsClient()));
    await this.wake();
    return discovered;
  }

  /**
   * Wakes Rewind as the table's stream does: for every new event, its own decisions too, from the
   * first of them on.
   */
  wake(): Promise<void> {
    return this.#rewind.settle();
  }

  sweep() {
    return this.#rewind.sweep();
  }

  /** In the order of the fold. */
  async recorded(): Promise<RecordedEvent[]> {
    const recorded: RecordedEvent[] = [];
    for await (const event of this.log.read(service, null)) recorded.push(event);
    return recorded.sort((a, b) => comparePlaces(a.event, b.event));
  }

  async events(): Promise<RewindEvent[]> {
    return (await this.recorded()).map(({ event }) => event);
  }

  async decisions<Type extends DecidedEvent['type']>(
    type: Type,
  ): Promise<Extract<DecidedEvent, { type: Type }>[]> {
    const events = await this.events();
    return events.filter(isDecided).filter((event) => event.type === type) as Extract<
      DecidedEvent,
      { type: Type }
    >[];
  }

  /** What the service runs now. */
  async runs(): Promise<string | undefined> {
    return (await this.ecs.describe()).taskDefinition;
  }

  /** The writes that took effect, by whoever made them. */
  writes(operation: 'UpdateService' | 'StopServiceDeployment'): number {
    return this.ecs.simulator.calls.effective(operation).length;
  }

  /** A first revision, deployed, completed and baked: the stable one. */
  async withStable(): Promise<string> {
    const stable = await this.ecs.register();
    await this.ecs.create({ taskDefinition: stable });
    await this.pass(500);
    return stable;
  }

  stop(): Promise<void> {
    return this.ecs.stop();
  }
}
