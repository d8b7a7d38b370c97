import type { EventLog } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import type { ProtectionLog } from '../../../services/event-log/protection-log';
import { logKeyOf } from '../../../state-machines/log/events';
import { type Instant, instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import { type Notification, SeededRandom } from '../../ecs-simulator/src/ecs-simulator';
import { FunctionRun, type InvocationOutcome } from '../lambda/function-run';
import { GivenUpWakeUps } from '../lambda/given-up-wake-ups';
import { memoryProtectionLog, protectionPosition } from '../lambda/memory-protection-log';
import { SimulatedQueue } from '../lambda/simulated-queue';
import { SimulatedStream, type StreamChange } from '../lambda/simulated-stream';
import { VirtualTime } from '../lambda/virtual-time';
import { deliveriesOf, deployed, type FunctionName } from './deployed';
import type { Plan } from './plan';
import { policyFileOfPlan } from './policy-of-plan';
import { type ChangedParts, RewindFunctions } from './rewind-functions';
import type { AppendAnswer, RunRecord } from './run-record';
import { SimulatedAccount, serviceArnOfRun } from './simulated-account';
import { PlannedTurmoil } from './turmoil';

const origin = instantFrom(Date.UTC(2026, 0, 1));
const busSeconds = 0.5;

/**
 * All of Rewind as it is deployed, beside a simulated account: on one clock, in one process, with
 * the troubles of a plan. It does what its appointments say; `time` lets them come.
 */
export class WholeSystem {
  readonly time = new VirtualTime(origin);
  readonly account: SimulatedAccount;
  readonly turmoil: PlannedTurmoil;
  readonly log: EventLog;
  readonly appends: AppendAnswer[] = [];
  readonly emitted: Notification[] = [];
  readonly acknowledged: RunRecord['acknowledged'][number][] = [];
  readonly announcements: RunRecord['announcements'][number][] = [];
  reconciles = 0;
  readonly #random: SeededRandom;
  readonly #plan: Plan;
  readonly #functions: RewindFunctions;
  readonly #queue: SimulatedQueue;
  readonly #givenUp: GivenUpWakeUps;
  readonly #reconcilerStream: SimulatedStream;
  readonly #announcerStream: SimulatedStream;
  #isInstalled = false;
  #isPaused = false;
  #lastArrivalAt: Instant = origin;
  #sequence = 0;

  constructor(plan: Plan, changed: ChangedParts = {}) {
    const { time } = this;
    const { seed, settings } = plan;
    this.#plan = plan;
    this.#random = new SeededRandom(seed ^ 0x5bd1e995);
    this.turmoil = new PlannedTurmoil(plan, { time, random: this.#random });
    this.account = new SimulatedAccount({ time, seed, settings, emit: (one) => this.#emit(one) });
    const kept = this.#telling(memoryEventLog());
    this.log = changed.eventLog?.(kept) ?? kept;
    this.#functions = new RewindFunctions({
      account: this.account,
      service: serviceArnOfRun,
      log: this.log,
      protectionLog: this.#tellingProtection(memoryProtectionLog(this.log)),
      policies: policyFileOfPlan(plan),
      mode: settings.policy.mode,
      discoverySeconds: settings.discoverySeconds,
      jitter: () => this.#random.next(),
      report: () => {
        this.reconciles += 1;
      },
      changed,
    });
    this.#queue = this.#notificationQueue();
    this.#givenUp = new GivenUpWakeUps({
      time,
      random: this.#random,
      batchSize: deployed.givenUpBatchSize,
      invoke: (batch, stream) =>
        this.#invoke('recovery', (run) => this.#functions.recover(run, batch, stream)),
    });
    this.#reconcilerStream = new SimulatedStream({
      ...deployed.reconcilerStream,
      time,
      invoke: (batch) => this.#invoke('reconciler', (run) => this.#functions.reconcile(run, batch)),
      onGivenUp: (batch) => this.#givenUp.give(batch),
    });
    this.#announcerStream = new SimulatedStream({
      ...deployed.announcerStream,
      time,
      invoke: (batch) => this.#invoke('announcer', (run) => this.#functions.announce(run, batch)),
      onGivenUp: () => {},
    });
  }

  /** From now on notifications reach Rewind, and its schedules run. */
  install(): void {
    const { discoverySeconds } = this.#plan.settings;
    this.#isInstalled = true;
    this.#every(deployed.sweepSeconds, () => {
      this.#invoke('sweep', (run) => this.#functions.sweep(run));
    });
    this.#every(discoverySeconds, () => {
      this.#invoke('discovery', (run) => this.#functions.discover(run));
    });
    if (this.#plan.settings.isGuarded) this.#every(deployed.guardSeconds, () => this.#wakeGuard({}));
  }

  /** Stops the schedules while there is nothing to find for them: days pass in no time. */
  pause(): void {
    this.#isPaused = true;
  }

  goOn(): void {
    this.#isPaused = false;
  }

  /** When the last notification that is on its way arrives. */
  get lastArrivalAt(): Instant {
    return this.#lastArrivalAt;
  }

  redrive(): void {
    this.#queue.redrive();
  }

  /** Whether anything is on its way to a function, or with one. */
  get isBusy(): boolean {
    return (
      this.#queue.isBusy ||
      this.#givenUp.isBusy ||
      this.#reconcilerStream.isBusy ||
      this.#announcerStream.isBusy
    );
  }

  #notificationQueue(): SimulatedQueue {
    const strikes = this.turmoil.strike('copies') !== null;
    return new SimulatedQueue({
      time: this.time,
      random: this.#random,
      invoke: (batch) => this.#invoke('ingest', (run) => this.#functions.ingest(run, batch)),
      ...deployed.queue,
      concurrency: 2,
      duplicates: strikes ? 0.05 : 0,
      onAcknowledged: (body) => {
        this.acknowledged.push({ body, at: this.time.now() });
      },
    });
  }

  #every(seconds: number, run: () => void): void {
    this.time.after(seconds, () => {
      if (!this.#isPaused) run();
      this.#every(seconds, run);
    });
  }

  /** Runs a function; sometimes another runs beside it with the same input, as AWS may. */
  #invoke<Result>(
    name: FunctionName,
    body: (run: FunctionRun) => Promise<Result>,
  ): Promise<InvocationOutcome<Result>> {
    if (this.turmoil.strike('twins') !== null) {
      this.time.after(this.#random.next() * 2, () => this.#functionRun(name).run(body));
    }
    return this.#functionRun(name).run(body);
  }

  #functionRun(name: FunctionName): FunctionRun {
    const { skewMilliseconds } = this.#plan.settings;
    const skew = skewMilliseconds === 0 ? 0 : this.#random.integer(-skewMilliseconds, skewMilliseconds);
    const timeoutSeconds = deployed.timeoutSeconds[name] ?? 60;
    return new FunctionRun({
      time: this.time,
      turmoil: this.turmoil,
      name,
      timeoutSeconds,
      skewMilliseconds: skew,
    });
  }

  #emit(notification: Notification): void {
    if (notification.source === 'rewind') {
      this.announcements.push({ detail: notification.detail, at: this.time.now() });
      return;
    }
    this.emitted.push(notification);
    if (!this.#isInstalled) return;
    const deliveries = deliveriesOf(notification);
    for (let delivery = 0; delivery < deliveries; delivery += 1) this.#deliver(notification);
    const isCall = notification['detail-type'] === 'AWS API Call via CloudTrail';
    if (isCall && this.#plan.settings.isGuarded) {
      this.time.after(busSeconds, () => this.#wakeGuard(notification));
    }
  }

  /** As EventBridge may: late, twice, or not at all. */
  #deliver(notification: Notification): void {
    if (this.turmoil.strike('losses') !== null) return;
    const body = JSON.stringify(notification);
    const send = (seconds: number) => {
      const at = secondsAfter(this.time.now(), seconds);
      if (at > this.#lastArrivalAt) this.#lastArrivalAt = at;
      this.time.after(seconds, () => this.#queue.send(body));
    };
    const lateness = this.turmoil.strike('lateness');
    send(lateness === null ? busSeconds * this.#random.next() : this.#random.next() * lateness.upTo);
    const copy = this.turmoil.strike('copies');
    if (copy !== null) send(this.#random.next() * copy.upTo);
  }

  #wakeGuard(event: unknown): void {
    this.#invoke('guard', (run) => this.#functions.guard(run, event));
  }

  /** The table tells its streams of each new item. */
  #telling(log: EventLog): EventLog {
    return {
      ...log,
      append: async (recorded) => {
        const answer = await log.append(recorded);
        this.appends.push({ recorded, answer, at: this.time.now() });
        const { event } = recorded;
        if (answer === 'duplicate') return answer;
        if (event.type === 'VerdictReached' && event.verdict.result === 'failed') this.account.noteFailure();
        this.#put({ service: event.service, position: logKeyOf(event) });
        return answer;
      },
    };
  }

  #tellingProtection(log: ProtectionLog): ProtectionLog {
    return {
      ...log,
      append: async (recorded) => {
        const answer = await log.append(recorded);
        const position = protectionPosition(recorded);
        if (answer === 'appended') this.#put({ service: recorded.event.service, position });
        return answer;
      },
    };
  }

  #put(key: Pick<StreamChange, 'service' | 'position'>): void {
    this.#sequence += 1;
    const change = { ...key, sequence: this.#sequence, at: this.time.now() };
    this.#reconcilerStream.put(change);
    this.#announcerStream.put(change);
  }
}
