import {
  type EcsServer,
  EcsSimulator,
  type Notification,
  SteppedClock,
  startEcsServer,
} from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { DeployedAccount } from '../../../../infra/local/aws/account/deployed-account';
import { deployAccount } from '../../../../infra/local/aws/account/deployed-account';
import { type AccountServer, startAccountServer } from '../../../../infra/local/aws/account/server';
import type { LocalDynamoDb } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { killSwitch } from '../../../../infra/local/aws/functions/handler-environment';
import manifest from '../../../../package.json' with { type: 'json' };
import { awsStack } from '../../../../services/aws/stack/aws-stack';
import { StackConnection } from '../../../../services/aws/stack/connection';
import type { CheckResult } from '../../../../services/cli/doctor/check-result';
import { examine } from '../../../../services/cli/doctor/examination';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import type { EventLog } from '../../../../services/event-log/event-log';
import { instantFrom } from '../../../../state-machines/log/instant';
import { openOwnTable } from '../../../fixtures/own-table';
import { collect } from '../../event-log/collect';

/**
 * A deployed stack as its account holds it, faultless until a test makes it otherwise, and the
 * doctor who looks at it over HTTP.
 */
export class DoctoredAccount {
  readonly log: EventLog;
  readonly simulator: EcsSimulator;
  /** What the rules make of a notification: nothing, until a test says otherwise. */
  deliver: (envelope: Notification) => Promise<unknown> = async () => {};
  /** What AWS says the time is. */
  date: () => Date = () => new Date();
  account: DeployedAccount;
  readonly #dynamoDb: LocalDynamoDb;
  readonly #ecs: EcsServer;

  static async start(): Promise<DoctoredAccount> {
    let doctored: DoctoredAccount | null = null;
    const simulator = new EcsSimulator({
      clock: new SteppedClock(instantFrom(Date.UTC(2026, 0, 1))),
      seed: 1,
      emit: (envelope) => void doctored?.deliver(envelope),
    });
    const [dynamoDb, ecs] = await Promise.all([openOwnTable(), startEcsServer(simulator)]);
    doctored = new DoctoredAccount({ simulator, dynamoDb, ecs });
    return doctored;
  }

  private constructor(parts: { simulator: EcsSimulator; dynamoDb: LocalDynamoDb; ecs: EcsServer }) {
    this.simulator = parts.simulator;
    this.#dynamoDb = parts.dynamoDb;
    this.#ecs = parts.ecs;
    this.log = dynamoDbEventLog({ client: parts.dynamoDb.client, table: parts.dynamoDb.tableName });
    this.throwKillSwitch('off');
    this.account = this.#deployed();
  }

  /** Puts back whatever was changed. */
  mend(): void {
    this.throwKillSwitch('off');
    this.account = this.#deployed();
    this.deliver = async () => {};
    this.date = () => new Date();
  }

  /** Sets the parameter that every reconcile reads. */
  throwKillSwitch(value: string): void {
    const caller = { accessKeyId: 'test', userAgent: '', sourceIpAddress: '' };
    this.simulator.call('PutParameter', { Name: killSwitch, Value: value }, caller);
  }

  /** What the doctor finds; the probe only where it has some time. */
  async findings({
    name = 'rewind-local',
    probeSeconds = null as number | null,
  } = {}): Promise<CheckResult[]> {
    const server: AccountServer = await startAccountServer({
      account: this.account,
      dynamoDbEndpoint: this.#dynamoDb.endpoint,
      ecsEndpoint: this.#ecs.endpoint,
      date: () => this.date(),
    });
    const connection = new StackConnection({ endpoint: server.endpoint });
    const stack = awsStack(name, connection);
    try {
      return await collect(examine({ name, stack, version: manifest.version, probeSeconds }));
    } finally {
      connection.destroy();
      await server.stop();
    }
  }

  async stop(): Promise<void> {
    await this.#ecs.close();
    await this.#dynamoDb.stop();
  }

  #deployed(): DeployedAccount {
    return deployAccount({
      functionNames: ['ingest', 'reconciler', 'sweep', 'discovery', 'guard', 'announcer'],
      environment: { REWIND_POLICY: 'manage: ["prod/*"]', REWIND_MODE: 'enforce' },
      tableName: this.#dynamoDb.tableName,
    });
  }
}

/** The part of a stack that has the name; throws when there is none. */
export function part<Part>(parts: ReadonlyMap<string, Part>, name: string): Part {
  const found = parts.get(name);
  if (found === undefined) throw new Error(`the stack has no ${name}`);
  return found;
}
