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
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
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

interface DoctoredParts {
  readonly clock: SteppedClock;
  readonly simulator: EcsSimulator;
  readonly dynamoDb: LocalTable;
  readonly ecs: EcsServer;
}

/**
 * A deployed stack as its account holds it, faultless until a test makes it otherwise, and the
 * doctor who looks at it over HTTP.
 */
export class DoctoredAccount {
  readonly clock: SteppedClock;
  readonly log: EventLog;
  readonly simulator: EcsSimulator;
  /** What the rules make of a notification: nothing, until a test says otherwise. */
  deliver: (envelope: Notification) => Promise<unknown> = async () => {};
  /** What AWS says the time is. */
  date = () => new Date(this.clock.now());
  account: DeployedAccount;
  readonly #dynamoDb: LocalTable;
  readonly #ecs: EcsServer;
  #delivered: Promise<unknown> = Promise.resolve();

  static async start(): Promise<DoctoredAccount> {
    let receive = (_: Notification): void => {};
    const clock = new SteppedClock(instantFrom(Date.UTC(2026, 0, 1)));
    const simulator = new EcsSimulator({ clock, seed: 1, emit: (envelope) => receive(envelope) });
    const [dynamoDb, ecs] = await Promise.all([openOwnTable({ hasStream: true }), startEcsServer(simulator)]);
    const doctored = new DoctoredAccount({ clock, simulator, dynamoDb, ecs });
    receive = (envelope) => doctored.#receive(envelope);
    return doctored;
  }

  private constructor(parts: DoctoredParts) {
    this.clock = parts.clock;
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
    this.date = () => new Date(this.clock.now());
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
    const connection = new StackConnection({ endpoint: server.endpoint, now: () => this.clock.now() });
    const stack = awsStack(name, connection);
    try {
      return await collect(
        examine({ name, stack, version: manifest.version, probeSeconds, clock: this.#waitingClock }),
      );
    } finally {
      connection.destroy();
      await server.stop();
    }
  }

  async stop(): Promise<void> {
    await this.#ecs.close();
    await this.#dynamoDb.stop();
  }

  #receive(envelope: Notification): void {
    this.#delivered = Promise.all([this.#delivered, this.deliver(envelope)]);
  }

  /** Whoever waits finds that all is delivered by then. */
  get #waitingClock() {
    return {
      now: () => this.clock.now(),
      wait: async (milliseconds: number) => {
        await this.#delivered;
        this.clock.advanceBy(milliseconds / 1000);
      },
    };
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
