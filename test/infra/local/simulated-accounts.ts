import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  type EcsServer,
  EcsSimulator,
  type Notification,
  SteppedClock,
  startEcsServer,
} from '../../../infra/ecs-simulator/src/ecs-simulator';
import { passOn } from '../../fixtures/pass-on';
import { origin } from '../ecs-simulator/simulated-ecs';

/** A simulated ECS of an account in a region. */
interface SimulatedPlace {
  readonly account: string;
  readonly region: string;
  readonly simulator: EcsSimulator;
  readonly server: EcsServer;
}

/** A call that reached the one endpoint: signed by whom, for which region. */
interface RoutedCall {
  readonly account: string;
  readonly region: string;
  readonly operation: string;
}

/** The access key of whoever runs in the first account. */
const homeKey = 'rewind';

/**
 * Several accounts and regions of AWS behind one endpoint, which goes by the signature alone, as
 * AWS does: the key says which account calls, its scope which region is meant. Roles are assumed of
 * an STS that knows those of the accounts.
 */
export class SimulatedAccounts {
  readonly clock = new SteppedClock(origin);
  /** Of all places, in the order in which things happened: as forwarded to one bus. */
  readonly notifications: Notification[] = [];
  /** What reached the endpoint, reads too. */
  readonly calls: RoutedCall[] = [];
  /** The roles that were assumed. */
  readonly assumed: string[] = [];
  /** What each of those sessions was held to at most; null where its role said it all. */
  readonly sessionPolicies: (string | null)[] = [];
  readonly #places: SimulatedPlace[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(
    places: readonly { readonly account: string; readonly region: string }[],
  ): Promise<SimulatedAccounts> {
    const accounts = new SimulatedAccounts();
    for (const [index, { account, region }] of places.entries()) {
      const simulator = new EcsSimulator({
        clock: accounts.clock,
        seed: index + 1,
        emit: (envelope) => accounts.notifications.push(envelope),
        accountId: account,
        region,
      });
      accounts.#places.push({ account, region, simulator, server: await startEcsServer(simulator) });
    }
    await new Promise<void>((resolve) => accounts.#server.listen(0, '127.0.0.1', resolve));
    return accounts;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What makes the SDKs of this process call as Rewind does in the first account. */
  get environment() {
    return {
      AWS_ENDPOINT_URL_ECS: this.endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: this.endpoint,
      AWS_ENDPOINT_URL_STS: this.endpoint,
      AWS_ACCESS_KEY_ID: homeKey,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: this.#places[0]?.region ?? '',
    };
  }

  simulatorOf(account: string): EcsSimulator {
    const place = this.#places.find((one) => one.account === account);
    if (place === undefined) throw new Error(`there is no account ${account}`);
    return place.simulator;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    for (const { server } of this.#places) await server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const form = new URLSearchParams(body.toString('latin1'));
    if (form.get('Action') === 'AssumeRole') {
      this.sessionPolicies.push(form.get('Policy'));
      return this.#assumeRole(form.get('RoleArn') ?? '', response);
    }
    const [, key, region] =
      /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const token = request.headers['x-amz-security-token'];
    const account = key === homeKey ? this.#places[0]?.account : token === tokenOf(key) ? key : undefined;
    // `Service.Operation` in JSON, `/service/Service/operation/Operation` in CBOR.
    const target = request.headers['x-amz-target']?.toString() ?? request.url ?? '';
    const operation = target.split(/[./]/).at(-1) ?? '';
    this.calls.push({ account: account ?? 'nobody', region: region ?? '', operation });
    const place = this.#places.find((one) => one.account === account && one.region === region);
    if (place === undefined) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'UnrecognizedClientException', message: 'who is this?' }));
      return;
    }
    passOn({ request, body }, response, place.server.endpoint);
  }

  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  #assumeRole(role: string, response: ServerResponse): void {
    const account = role.split(':')[4] ?? '';
    if (!this.#places.some((place) => place.account === account)) {
      response.writeHead(403, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole on resource: ${role}</Message></Error></ErrorResponse>`,
      );
      return;
    }
    this.assumed.push(role);
    const credentials = `<AccessKeyId>${account}</AccessKeyId><SecretAccessKey>local</SecretAccessKey><SessionToken>${tokenOf(account)}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>`;
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<AssumeRoleResponse ${namespace}><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  }
}

const namespace = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';

function tokenOf(account: string | undefined): string {
  return `session of ${account}`;
}
