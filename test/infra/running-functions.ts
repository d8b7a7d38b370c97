import { discoverySeconds, RewindInProcess, sweepSeconds } from '../../infra/local/rewind-in-process';
import { createAnnouncer } from '../../services/announcer/announcer';
import { runGuard } from '../../services/guard/run-guard';
import { createLifecycleHook } from '../../services/hook/lifecycle-hook';
import { measuredEventLog } from '../../services/metrics/measured-event-log';
import type { RewindMetrics } from '../../services/metrics/metrics';
import { createRecovery } from '../../services/recovery/recover';
import { type Config, readConfig } from '../../services/runtime/config';
import { killSwitchOf } from '../../services/runtime/functions/kill-switch-clients';
import { eventLogOf, keysOf } from '../../services/runtime/functions/log-clients';
import { measurementsOf, testsOf } from '../../services/runtime/functions/rare-parts';
import { alarmsOf, ecsOf, inventoriesOf } from '../../services/runtime/functions/service-clients';
import { eventBusOfAccount, topicOf } from '../../services/runtime/functions/telling-clients';
import { isDecided, logKeyOf, type RewindEvent } from '../../state-machines/log/events';

import type { GuardedAccount } from '../services/guard/guarded-account';
import { givenUpMessage } from '../services/recovery/given-up-message';
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
  readonly #rewind: RewindInProcess;
  readonly #untold: RewindEvent[] = [];
  readonly #announce: ReturnType<typeof createAnnouncer>;
  #delivered = 0;
  #seconds = 0;

  constructor(account: GuardedAccount, calls: RecordedCalls) {
    this.#account = account;
    this.#calls = calls;
    const config = readConfig(process.env);
    this.#config = config;
    const tests = testsOf(config);
    this.#rewind = new RewindInProcess({
      clock: account.ecs.clock,
      eventLog: measuredEventLog(eventLogOf(config), unheard),
      ecs: ecsOf(config),
      alarms: alarmsOf(config),
      measurements: measurementsOf(config),
      ...(tests === null ? {} : { tests }),
      policies: config.policies,
      killSwitch: killSwitchOf(config),
      mode: config.mode,
      onAppended: ({ event }) => {
        if (isDecided(event)) this.#untold.push(event);
      },
    });
    this.#announce = createAnnouncer({
      eventLog: this.#rewind.eventLog,
      policies: config.policies,
      bus: eventBusOfAccount(),
      topic: topicOf(config),
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
      if (this.#seconds % sweepSeconds === 0) await this.#sweep();
      if (this.#seconds % discoverySeconds === 0) await this.#discover();
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

  /** The stream has forgotten whose wake-ups were given up: every service of the log is woken. */
  async recover(): Promise<void> {
    const recover = createRecovery({
      eventLog: eventLogOf(this.#config),
      keysOfTable: () => keysOf(this.#config),
      tableStream: { keysIn: async () => 'trimmed' },
      now: () => this.#account.ecs.clock.now(),
    });
    await this.#calls.as('recovery', () => recover(givenUpMessage()));
    await this.pass(60);
  }

  /** ECS asks at the stage of the newest rollout at which a gate is; nobody has told of it yet. */
  async askHook(): Promise<void> {
    const { ecs } = this.#account;
    const answer = createLifecycleHook({
      eventLog: measuredEventLog(eventLogOf(this.#config), unheard),
      policies: this.#config.policies,
      now: () => ecs.clock.now(),
      patience: () => new Promise(() => {}),
      onTrouble: (error) => {
        throw error;
      },
    });
    const [newest] = await ecs.serviceDeployments();
    const payload = {
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      resourceArn: newest?.serviceDeploymentArn,
      executionDetails: {
        serviceArn: newest?.serviceArn,
        targetServiceRevisionArn: newest?.targetServiceRevision?.arn,
      },
    };
    await this.#calls.as('hook', () => answer(payload));
  }

  async #ingest(): Promise<void> {
    const { notifications } = this.#account.ecs;
    while (this.#delivered < notifications.length) {
      const notification = JSON.stringify(notifications[this.#delivered]);
      this.#delivered += 1;
      await this.#calls.as('ingest', () => this.#rewind.ingest(notification));
    }
  }

  /**
   * As the table's stream does: the reconciler for all news of a service, the announcer for each
   * decision.
   */
  async #wake(): Promise<void> {
    while (this.#rewind.hasChanges) {
      await this.#calls.as('reconciler', () => this.#rewind.wakeChanged());
      for (const event of this.#untold.splice(0)) {
        const key = { service: event.service, position: logKeyOf(event) };
        await this.#calls.as('announcer', () => this.#announce(key));
      }
    }
  }

  async #sweep(): Promise<void> {
    await this.#calls.as('sweep', () => this.#rewind.sweep());
    await this.#wake();
  }

  async #discover(): Promise<void> {
    for (const { part } of inventoriesOf(this.#config)) {
      await this.#calls.as('discovery', () => this.#rewind.discover(part));
    }
    await this.#wake();
  }
}
