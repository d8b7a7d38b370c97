import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is not answered. */
interface Refusal {
  readonly status: 401 | 403;
  readonly sentence: string;
}

/** Where the server listens. */
interface ServerPlace {
  readonly host: string;
  readonly port: number;
}

/**
 * Who may ask the dashboard's server.
 *
 * A1. A request whose Host is not the server's own address is refused: a name that somebody has
 * pointed at this machine leads nowhere.
 * A2. A request with an Origin of another page is refused, and so is one that changes something
 * without an Origin.
 * A3. Nothing is answered without the token: once in the address, from then on in a cookie that no
 * script can read and no other site can send.
 */
export class Access {
  readonly token = randomBytes(24).toString('base64url');
  readonly #place: ServerPlace;

  constructor(listening: ServerPlace) {
    this.#place = listening;
  }

  /** What is opened in a browser. */
  get address(): string {
    const { host, port } = this.#place;
    const named = host.includes(':') ? `[${host}]` : host;
    return `http://${named}:${port}/?token=${this.token}`;
  }

  /** Null where nothing speaks against the request. */
  refusalOf(request: IncomingMessage, query: URLSearchParams): Refusal | null {
    const { host = '', origin } = request.headers;
    if (!this.#isOwnHost(host)) return { status: 403, sentence: 'this is not the name of this server' };
    const mustTellOrigin = request.method !== 'GET' && request.method !== 'HEAD';
    if (origin === undefined ? mustTellOrigin : origin !== `http://${host}`) {
      return { status: 403, sentence: 'another page may not ask here' };
    }
    if (this.#hasToken(query.get('token')) || this.#hasToken(this.#cookieIn(request))) return null;
    return { status: 401, sentence: 'open the address that "rewind dashboard" has printed: it has a token' };
  }

  /** The cookie for whoever came with the token in the address; null for others. */
  cookieFor(query: URLSearchParams): string | null {
    if (!this.#hasToken(query.get('token'))) return null;
    return `${this.#cookieName}=${this.token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Cookies know no ports. */
  get #cookieName(): string {
    return `rewind-${this.#place.port}`;
  }

  #cookieIn({ headers }: IncomingMessage): string | null {
    const pairs = (headers.cookie ?? '').split(/; */).map((pair) => pair.split('=', 2));
    return pairs.find(([name]) => name === this.#cookieName)?.[1] ?? null;
  }

  #hasToken(given: string | null): boolean {
    const [own, other] = [Buffer.from(this.token), Buffer.from(given ?? '')];
    return own.length === other.length && timingSafeEqual(own, other);
  }

  /** Who listens everywhere has as many names as the machine: there the token alone guards. */
  #isOwnHost(host: string): boolean {
    const { host: own, port } = this.#place;
    if (isEverywhere(own)) return true;
    const names = isLoopback(own) ? ['127.0.0.1', 'localhost', '[::1]', own] : [own, `[${own}]`];
    return names.some((name) => host === `${name}:${port}`);
  }
}

function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Whether nobody but this machine can reach what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
