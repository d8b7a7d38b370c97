import { setImmediate } from 'node:timers/promises';
import { type EcsServer, startEcsServer } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { deployAccount } from '../../../../infra/local/aws/account/deployed-account';
import { type AccountServer, startAccountServer } from '../../../../infra/local/aws/account/server';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { killSwitch } from '../../../../infra/local/aws/functions/handler-environment';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import { openOwnTable } from '../../../fixtures/own-table';
import { RollbackWorld, type WorldParts } from '../../reconciler/worlds/rollback-world';
import type { Ended } from '../rewind';
import { rewindHere } from '../rewind-here';

/** So far the account's clock goes during a command, however long this machine takes for it. */
const secondsAtMost = 20;

/** An account at one address: a service, Rewind at work on it, and an operator's command line. */
export class OperatedAccount {
  readonly world: RollbackWorld;
  readonly table: string;
  readonly #dynamoDb: LocalTable;
  readonly #ecs: EcsServer;
  readonly #server: AccountServer;

  private constructor(parts: {
    world: RollbackWorld;
    dynamoDb: LocalTable;
    ecs: EcsServer;
    server: AccountServer;
  }) {
    this.world = parts.world;
    this.table = parts.dynamoDb.tableName;
    this.#dynamoDb = parts.dynamoDb;
    this.#ecs = parts.ecs;
    this.#server = parts.server;
  }

  /** With web:1 proven. */
  static async start(
    seed: number,
    parts: Pick<WorldParts, 'delaysOf' | 'policies'> = {},
  ): Promise<OperatedAccount> {
    const dynamoDb = await openOwnTable();
    const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
    const world = await RollbackWorld.startStable({ log, seed, ...parts });
    Object.assign(process.env, dynamoDb.environment, { AWS_ACCESS_KEY_ID: 'operator' });
    world.call('PutParameter', { Name: killSwitch, Value: 'off' });
    const ecs = await startEcsServer(world.simulator);
    const server = await startAccountServer({
      account: deployAccount({ functionNames: [], environment: {}, tableName: dynamoDb.tableName }),
      dynamoDbEndpoint: dynamoDb.endpoint,
      ecsEndpoint: ecs.endpoint,
    });
    return new OperatedAccount({ world, dynamoDb, ecs, server });
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await this.#ecs.close();
    await this.#dynamoDb.stop();
  }

  /** Runs a command line while the account stands still: what goes on there goes on afterwards. */
  rewindAtOnce(line: string): Promise<Ended> {
    return rewindHere(this.#parametersOf(wordsOf(line)));
  }

  /** Runs a command line while its notifications arrive; `meanwhile` is called again and again. */
  rewind(line: string, meanwhile: () => Promise<void> = async () => {}): Promise<Ended> {
    return this.rewindWith(wordsOf(line), meanwhile);
  }

  /** The same, of words that are divided already. */
  async rewindWith(
    words: readonly string[],
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<Ended> {
    // The bus counts whole seconds: what is told later is to sort behind.
    this.world.clock.advanceBy(2);
    let isOver = false;
    const running = rewindHere(this.#parametersOf(words)).finally(() => {
      isOver = true;
    });
    for (let steps = 0; !isOver; steps += 1) {
      if (steps < secondsAtMost * 50) this.world.clock.advanceBy(0.02);
      await this.world.deliver();
      await meanwhile();
      await setImmediate();
    }
    return running;
  }

  /** One address for all of it. */
  get endpoint(): string {
    return this.#server.endpoint;
  }

  #parametersOf(words: readonly string[]): string[] {
    // Whatever table other tests have named in the environment.
    const stage = words[0] === 'audit' ? ['--table', this.table] : ['--stage', 'local'];
    return [...words, ...stage, '--endpoint-url', this.#server.endpoint];
  }

  /** What operators did, as the log tells, the oldest first. */
  async acts() {
    const events = await this.world.events();
    return events.filter((event) => event.type === 'OperatorActed');
  }

  /** The revision that the service works towards: `web:3`. */
  get runs(): string {
    return this.world.primary().taskDefinition.split('/').at(-1) ?? '';
  }

  /** The digest of an image that somebody pushes, as the registry answers. */
  push(tag: string, manifest: object): string {
    const input = { repositoryName: 'shop/web', imageTag: tag, imageManifest: JSON.stringify(manifest) };
    const { image } = this.world.call('PutImage', input);
    return (image as { imageId: { imageDigest: string } }).imageId.imageDigest;
  }
}

/** The words of a line are divided at spaces, but inside of quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

/** The repository that `push` pushes to. */
export const repository = '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web';
