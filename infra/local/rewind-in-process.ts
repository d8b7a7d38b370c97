import type { Inventory } from '../../services/aws/ecs/inventory';
import { type DiscoveryCounts, discover } from '../../services/discovery/discover';
import type { EventLog, RecordedEvent } from '../../services/event-log/event-log';
import { createIngest, type IngestCounts } from '../../services/ingest/ingest';
import {
  createReconciler,
  type Reconcile,
  type ReconcilerParts,
  type WakeUp,
} from '../../services/reconciler/reconcile';
import { type Swept, sweep } from '../../services/reconciler/sweep';
import { logKeyOf } from '../../state-machines/log/events';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { secondsAfter } from '../../state-machines/log/instant';
import { earliestPosition, type Position } from '../../state-machines/log/position';
import type { Notification, SimulationClock } from '../ecs-simulator/src/ecs-simulator';

type NeededParts = Pick<ReconcilerParts, 'eventLog' | 'ecs' | 'alarms' | 'policies'>;
type OptionalParts = Pick<
  ReconcilerParts,
  'measurements' | 'tests' | 'mode' | 'killSwitch' | 'newOwner' | 'callerFor' | 'jitter' | 'report'
>;

export interface RewindInProcessParts extends NeededParts, Partial<OptionalParts> {
  readonly clock: SimulationClock;
  /** Receives every event that is new in the log. */
  readonly onAppended?: (recorded: RecordedEvent) => void;
  /** Receives what a sweep or a discovery could not do for a service; thrown if left out. */
  readonly onFailure?: (service: ServiceArn, error: Error) => void;
}

/** As serverless.yml deploys them. */
export const sweepSeconds = 60;
export const discoverySeconds = 300;
/** The one account and region of which such a Rewind looks at every service. */
export const homePlace = { account: '123456789012', region: 'us-east-1' };

/** More rounds than any one notification leads to. */
const roundsAtMost = 50;

/**
 * Rewind in one process: ingest, log, reconciler, sweep and discovery on a clock, with any event
 * log. It does nothing by itself:
 *
 * I1. A notification is ingested once per `receive`, when its time on the way is over, by the next
 * `settle` or `ingestArrived`. I2. A service is reconciled after each event that is new in its log,
 * from the first such event on, as the table's stream does it. I3. The sweep runs every minute of
 * the clock once `scheduleSweep` was called, within `settle`.
 */
export class RewindInProcess {
  /** The log, which notes what has changed. Whatever writes to it directly wakes Rewind as well. */
  readonly eventLog: EventLog;
  readonly reconcile: Reconcile;
  readonly #parts: RewindInProcessParts;
  readonly #ingest: (notification: string) => Promise<IngestCounts>;
  readonly #changedAt = new Map<ServiceArn, readonly Position[]>();
  readonly #nextWakes = new Map<ServiceArn, Instant>();
  #arrived: Notification[] = [];
  #onTheWay = 0;
  #isSweepDue = false;
  #owners = 0;

  constructor(parts: RewindInProcessParts) {
    this.#parts = parts;
    this.eventLog = this.#noting(parts.eventLog);
    this.#ingest = createIngest(this.shared);
    this.reconcile = this.reconcilerWith({});
  }

  /** What ingest, sweep and discovery have in common. */
  get shared() {
    const { alarms, policies, clock } = this.#parts;
    return { eventLog: this.eventLog, alarms, policies, now: () => clock.now() };
  }

  /** Another reconciler on the same log, with some parts of its own. */
  reconcilerWith(own: Partial<ReconcilerParts>): Reconcile {
    const { ecs, measurements, tests, mode, killSwitch, newOwner, callerFor, jitter, report } = this.#parts;
    return createReconciler({
      ...this.shared,
      ecs,
      ...(measurements === undefined ? {} : { measurements }),
      ...(tests === undefined ? {} : { tests }),
      ...(mode === undefined ? {} : { mode }),
      ...(killSwitch === undefined ? {} : { killSwitch }),
      ...(callerFor === undefined ? {} : { callerFor }),
      newOwner: newOwner ?? (() => `owner-${++this.#owners}`),
      jitter: jitter ?? (() => 0),
      report: report ?? (() => {}),
      ...own,
    });
  }

  /** Takes a notification that arrives after so many seconds. */
  receive(envelope: Notification, seconds: number): void {
    if (seconds <= 0) {
      this.#arrived.push(envelope);
      return;
    }
    const { clock } = this.#parts;
    this.#onTheWay += 1;
    clock.schedule(secondsAfter(clock.now(), seconds), () => {
      this.#onTheWay -= 1;
      this.#arrived.push(envelope);
    });
  }

  /** Whether notifications are on their way or wait to be ingested. */
  get isExpecting(): boolean {
    return this.#onTheWay > 0 || this.#arrived.length > 0;
  }

  /** Whether the log has changed since the services were last woken. */
  get hasChanges(): boolean {
    return this.#changedAt.size > 0;
  }

  /** From now on, `settle` sweeps once a minute. */
  scheduleSweep(): void {
    const { clock } = this.#parts;
    clock.schedule(secondsAfter(clock.now(), sweepSeconds), () => {
      this.#isSweepDue = true;
      this.scheduleSweep();
    });
  }

  /** Does all that there is to do at this instant. */
  async settle(): Promise<void> {
    for (let round = 0; round < roundsAtMost; round += 1) {
      if (this.#arrived.length === 0 && !this.hasChanges && !this.#isSweepDue) return;
      await this.ingestArrived();
      await this.wakeChanged();
      if (!this.#isSweepDue) continue;
      this.#isSweepDue = false;
      await this.sweep();
    }
    throw new Error(`Rewind has not settled after ${roundsAtMost} rounds`);
  }

  /** Ingests what has arrived, without waking anybody. */
  async ingestArrived(): Promise<void> {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const envelope of arrived) await this.ingest(JSON.stringify(envelope));
  }

  ingest(notification: string): Promise<IngestCounts> {
    return this.#ingest(notification);
  }

  /** Reconciles each service whose log has changed, once. */
  async wakeChanged(): Promise<void> {
    for (const service of [...this.#changedAt.keys()]) await this.wake(service);
  }

  /** Reconciles the service once, from where its log has changed. */
  async wake(service: ServiceArn): Promise<void> {
    const { nextWakeAt } = await this.reconcile(this.takeWakeUp(service));
    if (nextWakeAt === null) this.#nextWakes.delete(service);
    else this.#nextWakes.set(service, nextWakeAt);
  }

  /**
   * Whether the service is to be woken: its log has changed, or the time has come that its last
   * reconcile named.
   */
  isDue(service: ServiceArn): boolean {
    const nextWakeAt = this.#nextWakes.get(service);
    const isTime = nextWakeAt !== undefined && nextWakeAt <= this.#parts.clock.now();
    return isTime || this.#changedAt.has(service);
  }

  /**
   * What the table's stream says about a service now: null where its log has not changed since the
   * last call.
   */
  takeWakeUp(service: ServiceArn): WakeUp {
    const changedAt = this.#changedAt.get(service) ?? [];
    this.#changedAt.delete(service);
    return { service, changedFrom: earliestPosition(changedAt), changedAt };
  }

  sweep(): Promise<Swept> {
    return sweep({ ...this.shared, reconcile: this.reconcile, onFailure: this.#onFailure });
  }

  /**
   * Looks for what no notification has reported. What it finds wakes Rewind with the next `settle`.
   */
  discover(inventory: Inventory): Promise<DiscoveryCounts> {
    const parts = { inventory, place: homePlace, periodSeconds: discoverySeconds };
    return discover({ ...this.shared, ...parts, onFailure: this.#onFailure });
  }

  readonly #onFailure = (service: ServiceArn, error: Error): void => {
    if (this.#parts.onFailure === undefined) throw error;
    this.#parts.onFailure(service, error);
  };

  #noting(eventLog: EventLog): EventLog {
    return {
      ...eventLog,
      append: async (recorded) => {
        const result = await eventLog.append(recorded);
        if (result === 'appended') this.#note(recorded);
        return result;
      },
    };
  }

  #note(recorded: RecordedEvent): void {
    const { service } = recorded.event;
    const position = logKeyOf(recorded.event);
    this.#changedAt.set(service, [...(this.#changedAt.get(service) ?? []), position]);
    this.#parts.onAppended?.(recorded);
  }
}
