import { Writable } from 'node:stream';
import type { Bus } from '../bus/bus';
import type { Queue } from '../bus/queue';
import type { LocalDynamoDb } from '../dynamodb/dynamodb';
import { type DeployedAccount, deployAccount } from './deployed-account';
import { type AccountServer, startAccountServer } from './server';

interface LocalAccountParts {
  readonly functionNames: readonly string[];
  readonly dynamoDb: Pick<LocalDynamoDb, 'endpoint' | 'tableName'>;
  readonly ecsEndpoint: string;
  readonly policy: string;
  readonly bus: Pick<Bus, 'deadLetters'>;
  /** The wake-ups that the reconciler gave up. */
  readonly givenUp: Pick<Queue, 'unhandled'>;
  readonly logs: LogCopy;
}

/**
 * The local stack as an account would hold it, with what is in its queues and logs, for whoever
 * looks from outside.
 */
export async function startLocalAccount(
  parts: LocalAccountParts,
): Promise<AccountServer & { readonly deployed: DeployedAccount }> {
  const { functionNames, dynamoDb, ecsEndpoint, policy, bus, givenUp, logs } = parts;
  const environment = { REWIND_POLICY: policy, REWIND_MODE: process.env.REWIND_MODE ?? '' };
  const deployed = deployAccount({ functionNames, environment, tableName: dynamoDb.tableName });
  holds(deployed, 'NotificationDeadLetterQueue', () => bus.deadLetters.length);
  holds(deployed, 'WakeUpDeadLetterQueue', () => givenUp.unhandled);
  logs.deliverTo(deployed.logs);
  const server = await startAccountServer({
    account: deployed,
    dynamoDbEndpoint: dynamoDb.endpoint,
    ecsEndpoint,
  });
  return { ...server, deployed };
}

function holds({ queues }: DeployedAccount, name: string, messages: () => number): void {
  const queue = queues.get(name);
  if (queue !== undefined) queue.messages = messages;
}

/** More errors than anybody looks at. */
const linesKept = 1000;

/** Passes on what the functions log, and keeps a copy of the errors. */
export class LogCopy extends Writable {
  readonly #output: Writable;
  #logs: DeployedAccount['logs'] = [];

  constructor(output: Writable) {
    super();
    this.#output = output;
  }

  deliverTo(logs: DeployedAccount['logs']): void {
    logs.push(...this.#logs);
    this.#logs = logs;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    for (const line of chunk.toString('utf8').split('\n')) {
      const [, name] = /"service":"rewind-(\w+)"/.exec(line) ?? [];
      if (name === undefined || !line.includes('"level":"ERROR"') || this.#logs.length >= linesKept) continue;
      this.#logs.push({ functionName: `rewind-local-${name}`, at: Date.now(), line });
    }
    this.#output.write(chunk);
    done();
  }
}
