import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoggedEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** What stands in for CloudWatch Logs: its FilterLogEvents, over HTTP, with as little patience and as odd pages as the real one. */
export interface LocalLogs {
  readonly endpoint: string;
  /** The calls that were answered, throttled ones among them. */
  readonly calls: { readonly answered: number; readonly throttled: number };
  stop(): Promise<void>;
}

export interface LocalLogsOptions {
  readonly groups: { readonly [name: string]: readonly LoggedEvent[] };
  /** Events of a page. */
  readonly pageSize: number;
  /** Every so many calls one is throttled; 0: never. */
  readonly throttleEvery?: number;
}

interface Request {
  readonly logGroupName?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
}

/** Each page is followed by an empty one with a token, as CloudWatch does where a stretch of a group has no match. */
export async function startLogs(options: LocalLogsOptions): Promise<LocalLogs> {
  const calls = { answered: 0, throttled: 0 };
  const server = createServer(async (request, response) => {
    const total = calls.answered + calls.throttled + 1;
    const isThrottled = options.throttleEvery ? total % options.throttleEvery === 0 : false;
    calls[isThrottled ? 'throttled' : 'answered'] += 1;
    if (isThrottled) refuse(response, 'ThrottlingException', 'Rate exceeded');
    else answer(response, options, await bodyOf(request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function answer(response: ServerResponse, { groups, pageSize }: LocalLogsOptions, request: Request): void {
  const { logGroupName = '', startTime = 0, endTime = Number.POSITIVE_INFINITY, nextToken = '0' } = request;
  const group = groups[logGroupName];
  if (group === undefined) {
    refuse(response, 'ResourceNotFoundException', 'The specified log group does not exist.');
    return;
  }
  const asked = group.filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime);
  const page = Number(nextToken);
  const isEmpty = page % 2 === 1;
  const start = Math.floor(page / 2) * pageSize;
  const events = isEmpty ? [] : asked.slice(start, start + pageSize);
  const isLast = !isEmpty && start + pageSize >= asked.length;
  const next = isLast ? {} : { nextToken: String(page + 1) };
  send(response, 200, {
    events: events.map((event, index) => ({
      ...event,
      eventId: String(start + index),
      logStreamName: 'events',
    })),
    searchedLogStreams: [],
    ...next,
  });
}

function refuse(response: ServerResponse, type: string, message: string): void {
  send(response, 400, { __type: type, message });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}
