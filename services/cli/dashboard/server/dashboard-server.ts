import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isServiceArn } from '../../../../state-machines/log/identifiers';
import type { WaitingClock } from '../../../runtime/clock';
import { CommandError, exitCode } from '../../terminal/exit-code';
import { sayMistake } from '../../terminal/streams/standard-error';
import { fileTrouble } from '../../terminal/text-file';
import { type ActRunner, actAnswer } from '../acts/page-act';
import type { DashboardSource } from '../data/dashboard-source';
import { Access } from './access';
import { apiAnswers } from './api';
import { openEventStream } from './event-stream';
import { LiveFeed } from './live-feed';
import { OpenStreams } from './open-streams';
import { type PageFile, pageFiles, pagePolicy } from './page-files';

interface DashboardOptions {
  readonly source: DashboardSource;
  /** Whose credentials read; null where AWS does not say. */
  readonly caller: string | null;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly pollMilliseconds: number;
  readonly clock: WaitingClock;
  /** Null: the page cannot act, and the server knows no way to. */
  readonly act: ActRunner | null;
}

/** A dashboard that is being served. */
export interface Dashboard {
  /** With the token: whoever has it may look. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Serves the dashboard until it is stopped. Throws CommandError where it cannot listen there. */
export async function serveDashboard(options: DashboardOptions): Promise<Dashboard> {
  const files = await pageFiles();
  const server = createServer();
  const port = await listen(server, options);
  const access = new Access({ host: options.host, port });
  const { source, caller, act } = options;
  const streams = new OpenStreams(source);
  const feed = new LiveFeed({ ...options, streams });
  const answers = apiAnswers({ source, caller, streams, feed, isActing: act !== null });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer({ access, files, answers, feed, act }, request, response);
  });
  return {
    address: access.address,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(
  server: Server,
  { host, port }: Pick<DashboardOptions, 'host' | 'port'>,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'something else listens there' : fileTrouble(error);
      reject(new CommandError(`${host}:${port}: ${why ?? error.message}`, exitCode.unavailable));
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

interface ServerParts {
  readonly access: Access;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly answers: ReturnType<typeof apiAnswers>;
  readonly feed: LiveFeed;
  readonly act: ActRunner | null;
}

const headersOfAll = {
  'content-security-policy': pagePolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

async function answer(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(headersOfAll)) response.setHeader(name, value);
  // What a browser asks for is a path; `//` alone would be another host, without a name.
  const asked = `http://dashboard${request.url}`;
  if (!URL.canParse(asked)) return sendText(response, 400, 'this is no address of a page');
  const { pathname, searchParams } = new URL(asked);
  const refusal = parts.access.refusalOf(request, searchParams);
  if (refusal !== null) return sendText(response, refusal.status, refusal.sentence);
  try {
    if (request.method === 'POST') await answerPost(parts, { pathname, request, response });
    else if (request.method === 'GET')
      await answerGet(parts, { pathname, query: searchParams, request, response });
    else sendText(response, 405, 'there is nothing but GET and POST');
  } catch (error) {
    sendTrouble(response, error);
  }
}

interface Question {
  readonly pathname: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answerGet(
  { access, files, answers, feed }: ServerParts,
  { pathname, query, request, response }: Question & { readonly query: URLSearchParams },
): Promise<void> {
  const file = files.get(pathname);
  if (file !== undefined) {
    const cookie = access.cookieFor(query);
    if (cookie !== null) response.setHeader('set-cookie', cookie);
    response.writeHead(200, { 'content-type': file.type }).end(file.content);
    return;
  }
  if (pathname === '/api/events') {
    const service = query.get('service');
    const open = service !== null && isServiceArn(service) ? service : null;
    const tab = openEventStream(request, response);
    tab.onEnd(feed.listen({ service: open, hear: tab.send }));
    return;
  }
  const found = answers.get(pathname);
  if (found === undefined) sendText(response, 404, 'there is nothing here');
  else sendJson(response, 200, await found(query));
}

/** Without a way to act there is nothing to be posted to. */
async function answerPost({ act }: ServerParts, { pathname, request, response }: Question): Promise<void> {
  if (act === null || pathname !== '/api/act') return sendText(response, 404, 'there is nothing here');
  sendJson(response, 200, await actAnswer(act, await bodyOf(request)));
}

const bodyBytesAtMost = 20_000;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') {
    throw new CommandError('the body is to be JSON', exitCode.usage);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesAtMost) throw new CommandError('the body is too long', exitCode.usage);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new CommandError('the body is no JSON', exitCode.usage, { cause });
  }
}

function sendText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const statuses: { readonly [code: number]: number } = {
  [exitCode.usage]: 400,
  [exitCode.data]: 404,
  [exitCode.noInput]: 404,
};

/** What AWS does not answer is no fault of ours; what is one ends up on stderr, and is not told. */
function sendTrouble(response: ServerResponse, error: unknown): void {
  if (error instanceof CommandError) {
    sendJson(response, statuses[error.exitCode] ?? 502, { error: error.message });
    return;
  }
  sayMistake(error);
  if (response.headersSent) response.destroy();
  else sendJson(response, 500, { error: 'a mistake of the dashboard: its terminal says more' });
}
