import { ECSClient } from '@aws-sdk/client-ecs';
import type { Envelope } from '../../../infra/ecs-simulator/src/notifications/envelope';
import { awsEcs } from '../../../services/aws/ecs/aws-ecs';
import { awsInventory } from '../../../services/aws/ecs/inventory';
import { type Discovered, discover } from '../../../services/discovery/discover';
import type { EventLog, RecordedEvent } from '../../../services/event-log/event-log';
import { createIngest } from '../../../services/ingest/ingest';
import { type PolicyFile, parsePolicyFile } from '../../../services/policy/policy-file';
import {
  createReconciler,
  type Reconcile,
  type ReconcilerParts,
} from '../../../services/reconciler/reconcile';
import type { ReconcileReport } from '../../../services/reconciler/reconcile-report';
import { sweep } from '../../../services/reconciler/sweep';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import { isDecided } from '../../../state-machines/log/events';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { type Position, positionOf } from '../../../state-machines/log/position';
import { SimulatedEcs } from '../../infra/ecs-simulator/simulated-ecs';
import { alarmNotification, StatedAlarms } from './stated-alarms';

export const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');
export const discoverySeconds = 300;
export const sweepSeconds = 60;
export const promptly = () => [0];
export const never = () => [];
export const crashing = { 'rewind.behaviour': 'crash', 'rewind.crash-after': '5' };

/** The service, the log and Rewind, on a stepped clock: every second of it, notifications are ingested and Rewind is woken. */
export class RewindAtWork {
  readonly reports: ReconcileReport[] = [];
  readonly ecs: SimulatedEcs;
  readonly alarms = new StatedAlarms();
  readonly log: EventLog;
  readonly reconcile: Reconcile;
  /** Whether Rewind is woken by news and by the sweep; what happens meanwhile is still recorded. */
  isAwake = true;
  /** After how many seconds a notification reaches Rewind, each time that it does. */
  delaysOf: () => readonly number[] = promptly;
  readonly #policies: PolicyFile;
  readonly #ingest: ReturnType<typeof createIngest>;
  /** Where the log has changed since Rewind was last woken. */
  readonly #news: Position[] = [];
  #underWay: { readonly envelope: Envelope; readonly at: Instant }[] = [];
  #sent = 0;
  #passed = 0;

  static async start(log: EventLog, { policy = '' }: { policy?: string } = {}): Promise<RewindAtWork> {
    return new RewindAtWork(await SimulatedEcs.start(), log, policy);
  }

  private constructor(ecs: SimulatedEcs, log: EventLog, policy: string) {
    const policies = parsePolicyFile(policy, 'policy');
    this.#policies = policies;
    const now = () => ecs.clock.now();
    this.ecs = ecs;
    this.log = this.announcing(log);
    this.#ingest = createIngest({ eventLog: this.log, policies, now });
    this.reconcile = this.reconcilerWith({ policies, ecs: awsEcs(this.rewindsClient()) });
  }

  private announcing(log: EventLog): EventLog {
    const append: EventLog['append'] = async (recorded) => {
      const result = await log.append(recorded);
      if (result === 'appended') this.#news.push(positionOf(recorded.event));
      return result;
    };
    return { ...log, append };
  }

  /** The alarm changes its state now; CloudWatch notifies, unless the notification is lost. */
  alarm(name: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', { isLost = false } = {}): void {
    const at = this.ecs.clock.now();
    const previous = this.alarms.states.get(name)?.state ?? 'INSUFFICIENT_DATA';
    this.alarms.states.set(name, { state, since: at });
    if (!isLost) this.ecs.notifications.push(alarmNotification({ name, state, previous, at }) as never);
  }

  /** Another reconciler on the same log and service. */
  reconcilerWith({
    log,
    ...parts
  }: Partial<Pick<ReconcilerParts, 'policies' | 'ecs' | 'mode' | 'killSwitch'>> & {
    log?: EventLog;
  } = {}): Reconcile {
    let owners = 0;
    return createReconciler({
      eventLog: log ?? this.log,
      ecs: awsEcs(this.rewindsClient()),
      alarms: this.alarms,
      policies: parsePolicyFile('', 'policy'),
      now: () => this.ecs.clock.now(),
      newOwner: () => `owner-${++owners}-${Math.random()}`,
      jitter: () => 0,
      report: (report) => this.reports.push(report),
      ...parts,
    });
  }

  /** Rewind's own SDK client: the simulator tells its calls from the deployer's by the access key. */
  rewindsClient(): ECSClient {
    return new ECSClient({
      endpoint: this.ecs.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'rewind', secretAccessKey: 'unused' },
      maxAttempts: 1,
    });
  }

  /** Lets time pass, a second at a time. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.ecs.clock.advanceBy(1);
      await this.deliver();
      this.#passed += 1;
      if (this.#passed % sweepSeconds === 0 && this.isAwake) await this.sweep();
    }
  }

  /** Ingests what ECS reported since, and wakes Rewind where the log has changed. */
  async deliver(): Promise<void> {
    const now = this.ecs.clock.now();
    for (const envelope of this.ecs.notifications.slice(this.#sent)) {
      for (const seconds of this.delaysOf())
        this.#underWay.push({ envelope, at: secondsAfter(now, seconds) });
    }
    this.#sent = this.ecs.notifications.length;
    const arrived = this.#underWay.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    this.#underWay = this.#underWay.filter(({ at }) => at > now);
    for (const { envelope } of arrived) {
      await this.#ingest(JSON.stringify(envelope));
      if (this.isAwake) await this.wake();
    }
  }

  /** Looks for what no notification told, and wakes Rewind where it found something. */
  async discover(): Promise<Discovered> {
    const discovered = await discover({
      inventory: awsInventory(this.rewindsClient()),
      alarms: this.alarms,
      eventLog: this.log,
      policies: this.#policies,
      now: () => this.ecs.clock.now(),
      periodSeconds: discoverySeconds,
      onFailure: (_service, error) => {
        throw error;
      },
    });
    await this.wake();
    return discovered;
  }

  /** Wakes Rewind as the table's stream does: for every new event, its own decisions too, from the first of them on. */
  async wake(): Promise<void> {
    const news = this.#news.splice(0);
    if (news.length === 0) return;
    const changedFrom = news.reduce((a, b) => (a < b ? a : b));
    await this.reconcile({ service, changedFrom });
    await this.wake();
  }

  sweep() {
    const now = () => this.ecs.clock.now();
    const onFailure = (_service: string, error: Error) => {
      throw error;
    };
    return sweep({ eventLog: this.log, reconcile: this.reconcile, now, onFailure });
  }

  async recorded(): Promise<RecordedEvent[]> {
    const recorded: RecordedEvent[] = [];
    for await (const event of this.log.read(service, null)) recorded.push(event);
    return recorded;
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
