import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { answerError, answerRequest, type WireAnswer } from './answer-request';
import type { Caller } from './foundation/caller';
import { EcsError } from './foundation/ecs-error';
import type { EcsSimulator } from './simulator';

export interface EcsServer {
  /**
   * `http://127.0.0.1:<port>`: the `endpoint` of an SDK client, the `--endpoint-url` of the AWS
   * CLI.
   */
  readonly endpoint: string;
  readonly port: number;
  /** Ends every connection and frees the port. The clock is its owner's to stop. */
  close(): Promise<void>;
}

/**
 * The most that is read of one request: a task definition has 64 KiB at the most, PutMetricData 1
 * MB.
 */
const longestBody = 1024 * 1024;

/**
 * Serves a simulator on the loopback interface: ECS, CloudWatch, EventBridge and Elastic Load
 * Balancing on one port. Port 0 takes any free one.
 */
export async function startEcsServer(
  simulator: Pick<EcsSimulator, 'call'>,
  { port = 0 }: { port?: number } = {},
): Promise<EcsServer> {
  let served = 0;
  const server = createServer((request, response) => {
    served += 1;
    const requestId = `00000000-0000-4000-a000-${served.toString().padStart(12, '0')}`;
    serve(simulator, request)
      .catch((error: unknown) => answerError(error))
      .then((answer) => send(response, requestId, answer));
  });
  // A client may be busy for longer than Node keeps an idle connection, and would write into its
  // end.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(simulator: Pick<EcsSimulator, 'call'>, request: IncomingMessage): Promise<WireAnswer> {
  const { method, url, headers } = request;
  const body = await bodyOf(request);
  const target = headers['x-amz-target']?.toString();
  return answerRequest(simulator, { method, url, target, body }, callerOf(request));
}

function send(response: ServerResponse, requestId: string, { status, headers, body }: WireAnswer): void {
  response.writeHead(status, { ...headers, 'x-amzn-requestid': requestId }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > longestBody) throw new EcsError('SerializationException', 'The request is too long.');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  // The SDKs compress long PutMetricData requests.
  return request.headers['content-encoding'] === 'gzip'
    ? gunzipSync(body, { maxOutputLength: longestBody })
    : body;
}

function callerOf(request: IncomingMessage): Caller {
  const credential = /Credential=([^/,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  return {
    accessKeyId: credential ?? 'anonymous',
    userAgent: request.headers['user-agent'] ?? '',
    sourceIpAddress: request.socket.remoteAddress ?? '',
  };
}
