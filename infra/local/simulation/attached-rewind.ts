import { cloudWatchAlarms } from '../../../services/aws/alarms/cloudwatch-alarms';
import { awsEcs } from '../../../services/aws/ecs/aws-ecs';
import type { EventLog, RecordedEvent } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { createIngest } from '../../../services/ingest/ingest';
import type { PolicyFile } from '../../../services/policy/policy-file';
import { createReconciler, type Reconcile } from '../../../services/reconciler/reconcile';
import { sweep } from '../../../services/reconciler/sweep';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { secondsAfter } from '../../../state-machines/log/instant';
import { type Position, positionOf } from '../../../state-machines/log/position';
import type { Envelope } from '../../ecs-simulator/src/notifications/envelope';
import { SeededRandom } from '../../ecs-simulator/src/seeded-random';
import type { EcsSimulator } from '../../ecs-simulator/src/simulator';
import type { Clock } from '../clock';
import { inProcessClients } from './in-process-clients';

export interface AttachedRewindParts {
  readonly clock: Clock;
  readonly simulator: EcsSimulator;
  readonly policies: PolicyFile;
  readonly seed: number;
  /** Told of each decision as it is recorded. */
  readonly onDecision: (recorded: RecordedEvent) => void;
}

/** From an event to its delivery, "typically about half a second": https://aws.amazon.com/eventbridge/faqs/ */
const latencySeconds = [0.3, 0.8] as const;
/** As deployed, in serverless.yml. */
const sweepSeconds = 60;
/** More than any one notification leads to. */
const roundsAtMost = 50;

/** Rewind itself, its ingest, log, reconciler and sweep, on the simulation's clock. Notifications take their time; what it does takes none. */
export class AttachedRewind {
  readonly #parts: AttachedRewindParts;
  readonly #eventLog: EventLog;
  readonly #ingest: ReturnType<typeof createIngest>;
  readonly #reconcile: Reconcile;
  readonly #random: SeededRandom;
  readonly #changed = new Map<ServiceArn, Position>();
  #received: Envelope[] = [];
  #isSweepDue = false;

  constructor(parts: AttachedRewindParts) {
    const { clock, simulator, policies, seed } = parts;
    this.#parts = parts;
    this.#eventLog = this.#watched(memoryEventLog());
    const now = () => clock.now();
    this.#ingest = createIngest({ eventLog: this.#eventLog, policies, now });
    const clients = inProcessClients(simulator, 'rewind');
    const random = new SeededRandom(seed);
    this.#random = random;
    let owners = 0;
    this.#reconcile = createReconciler({
      eventLog: this.#eventLog,
      ecs: awsEcs(clients.ecs),
      alarms: cloudWatchAlarms(clients.cloudWatch),
      policies,
      now,
      newOwner: () => `simulated-${++owners}`,
      jitter: () => random.next(),
      report: () => {},
    });
    this.#scheduleSweep();
  }

  /** Takes a notification, which is on its way for a moment; what comes of it comes with a later `settle`. */
  receive(envelope: Envelope): void {
    const { clock } = this.#parts;
    const arrivesAt = secondsAfter(clock.now(), this.#random.between(...latencySeconds));
    clock.schedule(arrivesAt, () => this.#received.push(envelope));
  }

  /** Does all that there is to do at this instant. */
  async settle(): Promise<void> {
    for (let round = 0; round < roundsAtMost; round += 1) {
      if (this.#received.length === 0 && this.#changed.size === 0 && !this.#isSweepDue) return;
      await this.#ingestAll();
      await this.#reconcileAll();
    }
    throw new Error(`Rewind has not settled after ${roundsAtMost} rounds`);
  }

  async #ingestAll(): Promise<void> {
    const received = this.#received;
    this.#received = [];
    for (const envelope of received) await this.#ingest(JSON.stringify(envelope));
  }

  async #reconcileAll(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const [service, changedFrom] of changed) await this.#reconcile({ service, changedFrom });
    if (!this.#isSweepDue) return;
    this.#isSweepDue = false;
    const onFailure = (_: ServiceArn, error: Error) => {
      throw error;
    };
    const now = () => this.#parts.clock.now();
    await sweep({ eventLog: this.#eventLog, reconcile: this.#reconcile, now, onFailure });
  }

  #scheduleSweep(): void {
    const { clock } = this.#parts;
    clock.schedule(secondsAfter(clock.now(), sweepSeconds), () => {
      this.#isSweepDue = true;
      this.#scheduleSweep();
    });
  }

  /** In AWS the stream of the table wakes the reconciler; here each append notes what has changed. */
  #watched(eventLog: EventLog): EventLog {
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
    const { event, notification } = recorded;
    const position = positionOf(event);
    const earliest = this.#changed.get(event.service);
    this.#changed.set(event.service, earliest !== undefined && earliest < position ? earliest : position);
    if (notification === null) this.#parts.onDecision(recorded);
  }
}
