import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { tableSource } from '../../../../services/cli/dashboard/data/dashboard-source';
import { type Dashboard, serveDashboard } from '../../../../services/cli/dashboard/server/dashboard-server';
import { openLoggedSession } from '../../../../services/cli/session/session';
import { type WaitingClock, waitingSystemClock } from '../../../../services/runtime/clock';
import { passOn } from '../../../fixtures/pass-on';
import type { WorldParts } from '../../reconciler/worlds/rollback-world';
import { OperatedAccount } from '../operator/operated-account';

const pollMilliseconds = 150;

/** An account with a dashboard that looks at it, and counts what that asks DynamoDB for. */
export class LookedAtAccount {
  readonly account: OperatedAccount;
  readonly dashboard: Dashboard;
  readonly #wire: CountedWire;

  private constructor(account: OperatedAccount, dashboard: Dashboard, wire: CountedWire) {
    this.account = account;
    this.dashboard = dashboard;
    this.#wire = wire;
  }

  /** With web:1 proven; the page may act where it is told so. */
  static async start({
    seed,
    isActing = false,
    clock = waitingSystemClock,
    delaysOf,
  }: {
    seed: number;
    isActing?: boolean;
    clock?: WaitingClock;
    delaysOf?: NonNullable<WorldParts['delaysOf']>;
  }): Promise<LookedAtAccount> {
    const account = await OperatedAccount.start(seed, delaysOf === undefined ? {} : { delaysOf });
    const wire = await CountedWire.before(account.endpoint);
    const session = await openLoggedSession({ table: account.table, endpointUrl: wire.endpoint });
    const dashboard = await serveDashboard({
      source: tableSource(session, () => account.world.clock.now()),
      caller: 'arn:aws:iam::123456789012:user/operator',
      host: '127.0.0.1',
      port: 0,
      pollMilliseconds,
      clock,
      act: isActing
        ? async (parameters) => {
            const { code, stdout, stderr } = await account.rewindWith(parameters);
            return { code: code ?? 70, output: `${stderr}${stdout}` };
          }
        : null,
    });
    return new LookedAtAccount(account, dashboard, wire);
  }

  /** Requests that DynamoDB has had from the dashboard. */
  get reads(): number {
    return this.#wire.reads;
  }

  async stop(): Promise<void> {
    await this.dashboard.stop();
    await this.#wire.stop();
    await this.account.stop();
  }
}

/** Passes requests on, and counts those for DynamoDB. */
class CountedWire {
  reads = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async before(endpoint: string): Promise<CountedWire> {
    const server = createServer();
    const wire = new CountedWire(server);
    server.on('request', (request, response) => {
      if (String(request.headers['x-amz-target']).startsWith('DynamoDB')) wire.reads += 1;
      // A page that is closed may take its question back.
      buffer(request).then(
        (body) => passOn({ request, body }, response, endpoint),
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
