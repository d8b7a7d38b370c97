import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How many requests a version has answered, and how many of them with an error. */
interface Served {
  readonly requests: number;
  readonly errors: number;
}

/**
 * Two versions of a service, each a tiny server, behind a proxy that forwards by weights, as a load
 * balancer does. Every request goes through two sockets. The versions expose what they have
 * answered as applications do, at /metrics.
 */
export class ProxiedUsers {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #versions: readonly Version[];
  readonly #proxy: Server;
  /** Of a hundred requests, how many go to the second version. */
  #share = 0;
  #forwarded = 0;

  /** Each version fails every so many requests. */
  static async start(failsEvery: readonly [old: number, next: number]): Promise<ProxiedUsers> {
    const versions = await Promise.all(failsEvery.map((every, index) => Version.start(index + 1, every)));
    const users = new ProxiedUsers(versions);
    await listening(users.#proxy);
    return users;
  }

  private constructor(versions: readonly Version[]) {
    this.#versions = versions;
    this.#proxy = createServer((incoming, outgoing) => {
      this.#forwarded += 1;
      // Spread over a hundred, so that a share of a tenth is every tenth request.
      const isNext = (this.#forwarded * this.#share) % 100 < this.#share;
      const forwarded = request(
        { port: this.#versions[isNext ? 1 : 0]?.port, path: incoming.url, agent: this.#agent },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502);
          answer.pipe(outgoing);
        },
      );
      forwarded.on('error', () => outgoing.destroy());
      incoming.pipe(forwarded);
    });
  }

  /** So many requests, of which the second version gets a share in percent; what was answered. */
  async ask(count: number, share: number): Promise<readonly number[]> {
    this.#share = share;
    return Promise.all(Array.from({ length: count }, () => this.#get(portOf(this.#proxy), '/checkout')));
  }

  /** What a scrape of both versions at that time reads. */
  async scrape(at: number): Promise<string> {
    const pages = await Promise.all(
      this.#versions.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
    );
    return pages.join('').replaceAll('\n', ` ${at}\n`);
  }

  /** What each version knows that it has answered. */
  get served(): readonly Served[] {
    return this.#versions.map(({ requests, errors }) => ({ requests, errors }));
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await Promise.all([this.#proxy, ...this.#versions.map(({ server }) => server)].map(closed));
  }

  #get(port: number, path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const asked = request({ port, path, agent: this.#agent }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      asked.on('error', reject).end();
    });
  }
}

class Version {
  readonly server: Server;
  requests = 0;
  errors = 0;

  static async start(revision: number, failsEvery: number): Promise<Version> {
    const version = new Version(revision, failsEvery);
    await listening(version.server);
    return version;
  }

  private constructor(revision: number, failsEvery: number) {
    this.server = createServer(({ url }, response) => {
      if (url === '/metrics') return response.end(this.#metrics(revision));
      this.requests += 1;
      const isError = this.requests % failsEvery === 0;
      if (isError) this.errors += 1;
      return response.writeHead(isError ? 500 : 200).end();
    });
  }

  get port(): number {
    return portOf(this.server);
  }

  #metrics(revision: number): string {
    const series = (code: string) => `http_requests_total{TaskRevision="${revision}",code="${code}"}`;
    return `${series('200')} ${this.requests - this.errors}\n${series('500')} ${this.errors}\n`;
  }
}

/** No connection is closed while somebody may be about to use it again. */
async function listening(server: Server): Promise<void> {
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
