import { createAnnouncer } from '../../services/announcer/announcer';
import { discoverEverywhere } from '../../services/discovery/discover-everywhere';
import type { EventLog } from '../../services/event-log/event-log';
import { runGuard } from '../../services/guard/run-guard';
import { createIngest } from '../../services/ingest/ingest';
import { measuredEventLog } from '../../services/metrics/measured-event-log';
import type { RewindMetrics } from '../../services/metrics/metrics';
import { createReconciler } from '../../services/reconciler/reconcile';
import { sweep } from '../../services/reconciler/sweep';
import {
  alarmsOf,
  ecsOf,
  eventBusOfAccount,
  eventLogOf,
  inventoriesOf,
  killSwitchOf,
  topicOf,
} from '../../services/runtime/clients';
import { type Config, readConfig } from '../../services/runtime/config';
import { isDecided, type RewindEvent } from '../../state-machines/log/events';
import { positionOf } from '../../state-machines/log/position';
import type { GuardedAccount } from '../services/guard/guarded-account';
import type { RecordedCalls } from './recorded-calls';

const home = { account: '123456789012', region: 'us-east-1' };
const unheard: RewindMetrics = { count: () => {}, time: () => {}, sort: () => {}, publish: () => {} };

/**
 * The deployed functions, made of the parts that their handlers make, in the simulator's time: each
 * call is recorded as theirs.
 */
export class RunningFunctions {
  readonly #account: GuardedAccount;
  readonly #calls: RecordedCalls;
  readonly #config: Config;
  readonly #news: RewindEvent[] = [];
  readonly #reconcile: ReturnType<typeof createReconciler>;
  readonly #eventLog: EventLog;
  #delivered = 0;
  #seconds = 0;

  constructor(account: GuardedAccount, calls: RecordedCalls) {
    this.#account = account;
    this.#calls = calls;
    this.#config = readConfig(process.env);
    this.#eventLog = this.#noting(measuredEventLog(eventLogOf(this.#config), unheard));
    let owners = 0;
    this.#reconcile = createReconciler({
      ...this.#parts(),
      ecs: ecsOf(this.#config),
      killSwitch: killSwitchOf(this.#config),
      mode: this.#config.mode,
      newOwner: () => `owner-${++owners}`,
      jitter: () => 0,
      report: () => {},
    });
  }

  /**
   * Lets time pass, a second at a time, with each function but the guard woken as it is deployed to
   * be.
   */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.#account.ecs.clock.advanceBy(1);
      this.#seconds += 1;
      await this.#ingest();
      await this.#wake();
      if (this.#seconds % 60 === 0) await this.#sweep();
      if (this.#seconds % 100 === 0) await this.#discover();
    }
  }

  /** One run of the guard, of which ECS and the log have seen what it did a minute later. */
  async guardWith(policies: Config['policies']): Promise<void> {
    const { call: _call, ...parts } = this.#account.parts('');
    const places = [{ place: home, part: this.#account.place }];
    const killSwitch = killSwitchOf(this.#config);
    const keeping = { ...parts, killSwitch, policies, places, onGuarded: () => {}, hasTime: () => true };
    await this.#calls.as('guard', () => runGuard(keeping, {}));
    await this.pass(60);
  }

  #parts() {
    const { policies } = this.#config;
    const now = () => this.#account.ecs.clock.now();
    return { eventLog: this.#eventLog, alarms: alarmsOf(this.#config), policies, now };
  }

  async #ingest(): Promise<void> {
    const ingest = createIngest(this.#parts());
    const { notifications } = this.#account.ecs;
    while (this.#delivered < notifications.length) {
      const notification = JSON.stringify(notifications[this.#delivered]);
      this.#delivered += 1;
      await this.#calls.as('ingest', () => ingest(notification));
    }
  }

  /**
   * As the table's stream does: the reconciler for all news of a service, the announcer for each
   * decision.
   */
  async #wake(): Promise<void> {
    for (let news = this.#news.splice(0); news.length > 0; news = this.#news.splice(0)) {
      const changedFrom = news.map(positionOf).reduce((a, b) => (a < b ? a : b));
      const service = news[0]?.service;
      if (service !== undefined) {
        await this.#calls.as('reconciler', () => this.#reconcile({ service, changedFrom }));
      }
      for (const event of news.filter(isDecided)) await this.#announce(event);
    }
  }

  async #announce(event: RewindEvent): Promise<void> {
    const tell = createAnnouncer({
      eventLog: this.#eventLog,
      policies: this.#config.policies,
      bus: eventBusOfAccount(),
      topic: topicOf(this.#config),
    });
    const key = { service: event.service, position: positionOf(event) };
    await this.#calls.as('announcer', () => tell(key));
  }

  async #sweep(): Promise<void> {
    const sweeping = { ...this.#parts(), reconcile: this.#reconcile, onFailure };
    await this.#calls.as('sweep', () => sweep(sweeping));
    await this.#wake();
  }

  async #discover(): Promise<void> {
    const parts = {
      ...this.#parts(),
      inventories: inventoriesOf(this.#config),
      periodSeconds: 300,
      onDiscovered: () => {},
      onFailure,
    };
    await this.#calls.as('discovery', () => discoverEverywhere(parts));
    await this.#wake();
  }

  #noting(eventLog: EventLog): EventLog {
    return {
      ...eventLog,
      append: async (recorded) => {
        const result = await eventLog.append(recorded);
        if (result === 'appended') this.#news.push(recorded.event);
        return result;
      },
    };
  }
}

function onFailure(_service: string, error: Error): void {
  throw error;
}
