import type { SQSRecord } from 'aws-lambda';
import { createAnnouncer } from '../../../services/announcer/announcer';
import { createProtectionAnnouncer } from '../../../services/announcer/protection-announcer';
import { cloudWatchAlarms } from '../../../services/aws/alarms/cloudwatch-alarms';
import { awsEcs } from '../../../services/aws/ecs/aws-ecs';
import type { Ecs } from '../../../services/aws/ecs/ecs';
import { awsInventory } from '../../../services/aws/ecs/inventory';
import { awsServiceProtections } from '../../../services/aws/ecs/service-protections';
import { awsEventBus } from '../../../services/aws/event-bus';
import { observing } from '../../../services/aws/kill-switch';
import { parameterKillSwitch } from '../../../services/aws/parameter-kill-switch';
import type { TableStream } from '../../../services/aws/table-stream';
import { awsTargetGroups } from '../../../services/aws/target-groups';
import { discover } from '../../../services/discovery/discover';
import type { EventLog } from '../../../services/event-log/event-log';
import { isOfGuard, type ProtectionLog } from '../../../services/event-log/protection-log';
import { changeIn } from '../../../services/event-log/stream-record';
import { cloudWatchPresetAlarms } from '../../../services/guard/preset-alarms';
import { runGuard } from '../../../services/guard/run-guard';
import { createIngest } from '../../../services/ingest/ingest';
import type { PolicyFile } from '../../../services/policy/policy-file';
import { createReconciler, type Reconcile } from '../../../services/reconciler/reconcile';
import type { ReconcileReport } from '../../../services/reconciler/reconcile-report';
import { sweep } from '../../../services/reconciler/sweep';
import { wakeUpsIn } from '../../../services/reconciler/wake-ups';
import { createRecovery } from '../../../services/recovery/recover';
import { instantFrom } from '../../../state-machines/log/instant';
import type { Policy } from '../../../state-machines/log/policy';
import type { EcsSimulator } from '../../ecs-simulator/src/ecs-simulator';
import { inProcessClients } from '../../local/in-process-clients';
import { homePlace } from '../../local/rewind-in-process';
import { callGateOf, eventLogOfRun, protectionLogOfRun } from '../lambda/effects-of-run';
import type { FunctionRun } from '../lambda/function-run';
import type { QueueMessage } from '../lambda/simulated-queue';
import type { StreamChange } from '../lambda/simulated-stream';

export const killSwitchName = '/rewind/kill-switch';
/** As the simulated ECS's records of calls name whoever signs as Rewind does. */
const ownCaller = 'arn:aws:iam::123456789012:user/rewind';

interface RewindFunctionsParts {
  /** The account, as an invocation reaches it. */
  readonly account: { of(run: FunctionRun): Pick<EcsSimulator, 'call'> };
  /** ARN of the one service of the account. */
  readonly service: string;
  readonly log: EventLog;
  readonly protectionLog: ProtectionLog;
  readonly policies: PolicyFile;
  readonly mode: Policy['mode'];
  readonly discoverySeconds: number;
  readonly jitter: () => number;
  readonly report: (report: ReconcileReport) => void;
  /** Of Rewind, as a fault that is put back has it; as it is, if left out. */
  readonly changed?: ChangedParts;
}

/** What a fault that is put back does to the parts of Rewind that it has a hand in. */
export interface ChangedParts {
  readonly eventLog?: (log: EventLog) => EventLog;
  readonly tableStream?: (stream: TableStream) => TableStream;
  readonly ecs?: (ecs: Ecs, account: Pick<EcsSimulator, 'call'>) => Ecs;
  readonly reconcile?: (reconcile: Reconcile, ecs: Ecs) => Reconcile;
}

/**
 * The functions that serverless.yml deploys, wired as their handlers wire them, one invocation at a
 * time: everything that they await is an effect of that invocation.
 */
export class RewindFunctions {
  readonly #parts: RewindFunctionsParts;
  #owners = 0;

  constructor(parts: RewindFunctionsParts) {
    this.#parts = parts;
  }

  /** Answers with the messages that could not be recorded. */
  async ingest(run: FunctionRun, batch: readonly QueueMessage[]): Promise<ReadonlySet<number>> {
    const ingest = createIngest({ ...this.#shared(run), eventLog: this.#logOf(run) });
    const results = await Promise.allSettled(
      batch.map(({ body }) => ingest(body satisfies SQSRecord['body'])),
    );
    const failed = batch.filter((_message, index) => results[index]?.status === 'rejected');
    return new Set(failed.map(({ id }) => id));
  }

  /** Answers with the sequence from which on the stream is to go on again; null when it is done. */
  async reconcile(run: FunctionRun, batch: readonly StreamChange[]): Promise<number | null> {
    const reconcile = this.#reconcilerOf(run);
    const failed: number[] = [];
    for (const { wakeUp, sequenceNumber } of wakeUpsIn(batch.map(streamRecordOf))) {
      try {
        await reconcile(wakeUp);
      } catch {
        failed.push(Number(sequenceNumber));
      }
    }
    return failed.length === 0 ? null : Math.min(...failed);
  }

  async sweep(run: FunctionRun): Promise<void> {
    const reconcile = this.#reconcilerOf(run);
    await sweep({ eventLog: this.#logOf(run), reconcile, now: nowOf(run), onFailure: () => {} });
  }

  /** Answers with the messages that could not be recovered. */
  async recover(
    run: FunctionRun,
    batch: readonly QueueMessage[],
    tableStream: TableStream,
  ): Promise<ReadonlySet<number>> {
    const { service, changed } = this.#parts;
    const recover = createRecovery({
      ...this.#shared(run),
      eventLog: this.#logOf(run),
      tableStream: changed?.tableStream?.(tableStream) ?? tableStream,
      async *keysOfTable() {
        yield service;
      },
    });
    const results = await Promise.allSettled(batch.map(({ body }) => recover(body)));
    const failed = batch.filter((_message, index) => results[index]?.status === 'rejected');
    return new Set(failed.map(({ id }) => id));
  }

  async discover(run: FunctionRun): Promise<void> {
    const clients = this.#clientsOf(run);
    await discover({
      ...this.#shared(run),
      eventLog: this.#logOf(run),
      inventory: awsInventory(clients.ecs),
      alarms: cloudWatchAlarms(clients.cloudWatch),
      place: homePlace,
      periodSeconds: this.#parts.discoverySeconds,
      onFailure: () => {},
    });
  }

  /** On its schedule, or woken by the notification of a call. */
  async guard(run: FunctionRun, event: unknown): Promise<void> {
    const { ecs, cloudWatch, loadBalancing } = this.#clientsOf(run);
    const part = {
      inventory: awsInventory(ecs),
      protections: awsServiceProtections(ecs),
      targetGroups: awsTargetGroups(loadBalancing),
      alarms: cloudWatchPresetAlarms(cloudWatch),
    };
    const parts = {
      ...this.#shared(run),
      places: [{ place: homePlace, part }],
      log: protectionLogOfRun(run, this.#parts.protectionLog),
      actor: 'guard' as const,
      killSwitch: this.#killSwitchOf(run),
      onGuarded: () => {},
      hasTime: () => true,
    };
    await runGuard(parts, event);
  }

  /** Answers with the sequence of the first decision that could not be announced. */
  async announce(run: FunctionRun, batch: readonly StreamChange[]): Promise<number | null> {
    const channels = { bus: awsEventBus(this.#clientsOf(run).eventBridge), topic: null };
    const log = protectionLogOfRun(run, this.#parts.protectionLog);
    const announceDecision = createAnnouncer({
      ...this.#shared(run),
      ...channels,
      eventLog: this.#logOf(run),
    });
    const announceProtection = createProtectionAnnouncer({ ...channels, log });
    for (const { sequenceNumber, ...key } of batch.map(streamRecordOf).map(changeIn)) {
      try {
        await (isOfGuard(key.position) ? announceProtection(key) : announceDecision(key));
      } catch {
        return Number(sequenceNumber);
      }
    }
    return null;
  }

  #shared(run: FunctionRun) {
    return { policies: this.#parts.policies, now: nowOf(run) };
  }

  #logOf(run: FunctionRun): EventLog {
    return eventLogOfRun(run, this.#parts.log);
  }

  #clientsOf(run: FunctionRun) {
    return inProcessClients(this.#parts.account.of(run), 'rewind', callGateOf(run));
  }

  #killSwitchOf(run: FunctionRun) {
    if (this.#parts.mode === 'observe') return observing;
    return parameterKillSwitch(this.#clientsOf(run).parameters, killSwitchName);
  }

  #reconcilerOf(run: FunctionRun): Reconcile {
    const { changed, account, mode, jitter, report } = this.#parts;
    const clients = this.#clientsOf(run);
    const asItIs = awsEcs(clients.ecs);
    const ecs = changed?.ecs?.(asItIs, account.of(run)) ?? asItIs;
    const reconcile = createReconciler({
      ...this.#shared(run),
      eventLog: this.#logOf(run),
      ecs,
      alarms: cloudWatchAlarms(clients.cloudWatch),
      mode,
      killSwitch: this.#killSwitchOf(run),
      newOwner: () => `owner-${++this.#owners}`,
      callerFor: () => ownCaller,
      jitter,
      report,
    });
    return changed?.reconcile?.(reconcile, ecs) ?? reconcile;
  }
}

function nowOf(run: FunctionRun) {
  return () => instantFrom(run.now());
}

function streamRecordOf({ service, position, sequence }: StreamChange) {
  const Keys = { service: { S: service }, position: { S: position } };
  return { dynamodb: { Keys, SequenceNumber: String(sequence) } };
}
