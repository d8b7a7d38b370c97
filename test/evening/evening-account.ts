import { stripVTControlCharacters } from 'node:util';
import {
  type EcsServer,
  EcsSimulator,
  type Notification,
  SteppedClock,
  startEcsServer,
} from '../../infra/ecs-simulator/src/ecs-simulator';
import { type AttachedRewind, attachRewind } from '../../infra/local/attached-rewind';
import { deployAccount } from '../../infra/local/aws/account/deployed-account';
import { type AccountServer, startAccountServer } from '../../infra/local/aws/account/server';
import type { LocalTable } from '../../infra/local/aws/dynamodb/dynamodb';
import { killSwitch } from '../../infra/local/aws/functions/handler-environment';
import { setVariables, type Variables } from '../../infra/local/process-environment';
import { dynamoDbEventLog } from '../../services/event-log/dynamodb-event-log';
import { parsePolicyFile } from '../../services/policy/policy-file';
import { onClock, type WaitingClock } from '../../services/runtime/clock';
import { type Instant, instantFrom, secondsAfter } from '../../state-machines/log/instant';
import { runCaptured } from '../fixtures/captured-run';

const policy = 'defaults: { mode: enforce, bakeSeconds: 300 }';
const begin = instantFrom(Date.UTC(2026, 10, 26, 16));

/** Nothing of whoever makes the page counts in it. */
const surroundings: Variables = {
  TZ: 'UTC',
  AWS_REGION: 'us-east-1',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_PROFILE: null,
  AWS_SESSION_TOKEN: null,
  REWIND_TABLE: null,
  REWIND_STAGE: null,
  GITHUB_ACTIONS: null,
  GITHUB_ACTOR: null,
  GITHUB_RUN_ID: null,
  GITHUB_SHA: null,
  XDG_CACHE_HOME: '.rewind/cache',
};

/**
 * An account whose time stands still but for what passes on purpose, and while a command waits: the
 * same evening every time. The simulated ECS, DynamoDB Local and Rewind's own services are at work.
 */
export class EveningAccount {
  readonly simulator: EcsSimulator;
  /** Whether every notification is lost. */
  isDeaf = false;
  /** Which notifications are kept on their way until `letGo`. */
  isHeldBack: (envelope: Notification) => boolean = () => false;
  #heldBack: Notification[] = [];
  readonly #clock = new SteppedClock(begin);
  readonly #rewind: AttachedRewind;
  #ecs: EcsServer | null = null;
  #serve: (port: number) => Promise<AccountServer> = async () => {
    throw new Error('the account is not started');
  };
  #server: Promise<AccountServer> | null = null;
  #putBack = (): void => {};

  private constructor(table: LocalTable) {
    const emit = (envelope: Notification) => {
      if (this.isHeldBack(envelope)) this.#heldBack.push(envelope);
      else if (!this.isDeaf) this.#rewind.receive(envelope);
    };
    this.simulator = new EcsSimulator({ clock: this.#clock, seed: 1, emit });
    this.#rewind = attachRewind({
      clock: this.#clock,
      simulator: this.simulator,
      policies: parsePolicyFile(policy, 'policy'),
      seed: 1,
      eventLog: dynamoDbEventLog({ client: table.client, table: table.tableName }),
    });
  }

  static async start(table: LocalTable): Promise<EveningAccount> {
    const account = new EveningAccount(table);
    account.call('PutParameter', { Name: killSwitch, Value: 'off' });
    account.#ecs = await startEcsServer(account.simulator);
    const parts = {
      account: deployAccount({ functionNames: [], environment: {}, tableName: table.tableName }),
      dynamoDbEndpoint: table.endpoint,
      ecsEndpoint: account.#ecs.endpoint,
    };
    account.#serve = (port) => startAccountServer({ ...parts, port });
    account.#server = account.#serve(0);
    const { endpoint } = await account.#server;
    account.#putBack = setVariables({ ...surroundings, AWS_ENDPOINT_URL: endpoint });
    return account;
  }

  /** Puts the process's environment back, too. */
  async stop(): Promise<void> {
    this.#putBack();
    await (await this.#server)?.stop();
    await this.#ecs?.close();
  }

  /** A call by whoever built what is there. */
  call(operation: string, input: object): Record<string, unknown> {
    const caller = { accessKeyId: 'platform', userAgent: 'terraform', sourceIpAddress: '127.0.0.1' };
    return this.simulator.call(operation, input, caller);
  }

  /** Lets time pass, and everything happen that is due in it. */
  async pass(seconds: number): Promise<void> {
    const end = secondsAfter(this.#clock.now() as Instant, seconds);
    await this.#rewind.settle();
    for (let next = this.#clock.nextAt(); next !== null && next <= end; next = this.#clock.nextAt()) {
      this.#clock.advanceTo(next);
      await this.#rewind.settle();
    }
    this.#clock.advanceTo(end);
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Does something when so many seconds have passed. */
  after(seconds: number, run: () => void): void {
    this.#clock.schedule(secondsAfter(this.#clock.now() as Instant, seconds), run);
  }

  /** Delivers what was kept on its way, and keeps no more. */
  letGo(): void {
    this.isHeldBack = () => false;
    for (const envelope of this.#heldBack.splice(0)) this.#rewind.receive(envelope);
  }

  /** Lets nobody listen at the account's address for so many seconds. */
  unplug(seconds: number): void {
    const isOver = new Promise<void>((resolve) => this.after(seconds, resolve));
    const unplugged = this.#server;
    this.#server = (async () => {
      const server = await unplugged;
      await server?.stop();
      await isOver;
      return this.#serve(Number(new URL(server?.endpoint ?? '').port));
    })();
  }

  /** What a command line writes, and its exit code, for whoever has these variables. */
  async rewind(
    parameters: readonly string[],
    variables: Variables,
    columns: number | null = null,
  ): Promise<{ readonly code: number; readonly output: string }> {
    const putBack = setVariables(variables);
    try {
      const { code, output } = await onClock(this.#waiting, () => runCaptured(parameters, '', columns));
      return { code, output: stripVTControlCharacters(output) };
    } finally {
      putBack();
    }
  }

  readonly #waiting: WaitingClock = {
    now: () => this.#clock.now(),
    wait: (milliseconds) => this.pass(wholeSteps(milliseconds) / 1000),
  };
}

/** Who waits for seconds adds some chance to them, which no page may show. */
function wholeSteps(milliseconds: number): number {
  return milliseconds < 1500 ? milliseconds : Math.round(milliseconds / 2000) * 2000;
}
