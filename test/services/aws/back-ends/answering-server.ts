import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server was asked. */
export interface AskedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it answers: JSON with status 200, or what is said otherwise. */
type ServerAnswer =
  | { readonly json: unknown }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string };

/** A server on this machine that answers real HTTP requests, and remembers them. */
export class AnsweringServer {
  readonly asked: AskedRequest[] = [];
  readonly #server = createServer();

  static async start(answer: (asked: AskedRequest) => ServerAnswer): Promise<AnsweringServer> {
    const started = new AnsweringServer();
    started.#server.on('request', async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const asked = {
        method: request.method ?? '',
        url: new URL(request.url ?? '', started.address),
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      };
      started.asked.push(asked);
      const answered = answer(asked);
      if ('json' in answered) {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answered.json));
      } else response.writeHead(answered.status, answered.headers).end(answered.text);
    });
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo | null)?.port ?? 0}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
