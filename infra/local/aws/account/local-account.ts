import { Writable } from 'node:stream';
import type { Instant } from '../../../../state-machines/log/instant';
import type { EcsSimulator, Notification, SimulationClock } from '../../../ecs-simulator/src/ecs-simulator';
import type { LocalDynamoDb } from '../dynamodb/dynamodb';
import { localMode } from '../functions/handler-environment';
import { startSchedule } from '../functions/schedule';
import { arnIn, type DeployedAccount, deployAccount } from './deployed-account';
import { ownPrefix, putOwnAlarms } from './own-alarms';
import { OwnMetrics } from './own-metrics';
import { type AccountServer, startAccountServer } from './server';

interface LocalAccountParts {
  readonly functionNames: readonly string[];
  readonly dynamoDb: Pick<LocalDynamoDb, 'endpoint' | 'tableName'>;
  readonly ecs: {
    readonly endpoint: string;
    readonly simulator: Pick<EcsSimulator, 'call'>;
    readonly clock: SimulationClock;
  };
  readonly policy: string;
  readonly logs: LogCopy;
  readonly onError: (error: unknown) => void;
}

/** What somebody who subscribed to the stack's topics reads. */
export interface ToldMessage {
  readonly at: Instant;
  readonly subject: string;
  readonly text: string;
}

interface LocalAccount extends AccountServer {
  readonly deployed: DeployedAccount;
  readonly metrics: OwnMetrics;
  readonly told: readonly ToldMessage[];
  /** Says how many messages a queue of the stack holds. */
  holds(queue: string, messages: () => number): void;
  /** Tells people of an alarm of the stack's own; nothing for another notification. */
  hear(envelope: Notification): void;
}

/** The topic that tells of decisions. */
export const announcementTopic = arnIn('sns', 'AnnouncementTopic');

/** CloudWatch's metrics are of a minute. */
const minuteSeconds = 60;

/**
 * The local stack as an account would hold it: what is in its queues, its logs and its metrics, the
 * alarms that look at them, and what its topics tell people.
 */
export async function startLocalAccount(parts: LocalAccountParts): Promise<LocalAccount> {
  const { functionNames, dynamoDb, ecs, policy, logs, onError } = parts;
  const environment = { REWIND_POLICY: policy, REWIND_MODE: localMode };
  const deployed = deployAccount({ functionNames, environment, tableName: dynamoDb.tableName });
  const metrics = new OwnMetrics(ecs.simulator);
  logs.deliverTo(deployed.logs, metrics);
  putOwnAlarms(ecs.simulator, deployed);
  const told: ToldMessage[] = [];
  for (const topic of deployed.topics.values()) {
    topic.publish = (message) => void told.push({ ...message, at: ecs.clock.now() as Instant });
  }
  const minutes = startSchedule({
    clock: ecs.clock,
    everySeconds: minuteSeconds,
    invoke: async () => metrics.countMessages(deployed),
    onError,
  });
  const server = await startAccountServer({
    account: deployed,
    dynamoDbEndpoint: dynamoDb.endpoint,
    ecsEndpoint: ecs.endpoint,
  });
  return {
    ...server,
    ...{ deployed, metrics, told },
    holds(name, messages) {
      const queue = deployed.queues.get(name);
      if (queue !== undefined) queue.messages = messages;
    },
    hear: (envelope) => tellAlarm(deployed, envelope),
    async stop() {
      await minutes.stop();
      await server.stop();
    },
  };
}

interface AlarmDetail {
  readonly alarmName: string;
  readonly state: { readonly value: string; readonly reason: string };
  readonly previousState: { readonly value: string };
}

/**
 * As CloudWatch's message has it. That an alarm is right from the beginning is left untold here.
 */
function tellAlarm({ topics }: DeployedAccount, { 'detail-type': detailType, detail }: Notification): void {
  if (detailType !== 'CloudWatch Alarm State Change') return;
  const { alarmName, state, previousState } = detail as object as AlarmDetail;
  if (!alarmName.startsWith(ownPrefix) || ![state.value, previousState.value].includes('ALARM')) return;
  const subject = `${state.value}: "${alarmName}"`;
  topics.get(arnIn('sns', 'AlarmTopic'))?.publish({ subject, text: state.reason });
}

/** More errors than anybody looks at. */
const linesKept = 1000;

/** Passes on what the functions log, keeps a copy of the errors, and has the metrics counted. */
export class LogCopy extends Writable {
  readonly #output: Writable;
  #logs: DeployedAccount['logs'] = [];
  #metrics: OwnMetrics | null = null;

  constructor(output: Writable) {
    super();
    this.#output = output;
  }

  deliverTo(logs: DeployedAccount['logs'], metrics: OwnMetrics): void {
    logs.push(...this.#logs);
    this.#logs = logs;
    this.#metrics = metrics;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    for (const line of chunk.toString('utf8').split('\n')) {
      this.#metrics?.hear(line);
      const [, name] = /"service":"rewind-(\w+)"/.exec(line) ?? [];
      if (name === undefined || !line.includes('"level":"ERROR"') || this.#logs.length >= linesKept) continue;
      this.#logs.push({ functionName: `${ownPrefix}${name}`, at: Date.now(), line });
    }
    this.#output.write(chunk);
    done();
  }
}
