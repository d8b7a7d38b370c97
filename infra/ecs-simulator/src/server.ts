import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { EcsError } from './ecs-error';
import type { Caller } from './notifications/api-call-notification';
import { operationName } from './operations/operation-table';
import type { EcsSimulator } from './simulator';
import { addressOf, defaultProtocol, type Protocol } from './wire/protocol';

export interface EcsServer {
  /** `http://127.0.0.1:<port>`: the `endpoint` of an SDK client, the `--endpoint-url` of the AWS CLI. */
  readonly endpoint: string;
  readonly port: number;
  /** Ends every connection and frees the port. The clock is its owner's to stop. */
  close(): Promise<void>;
}

/** The most that is read of one request: an ECS request is a task definition of 64 KiB at the largest, PutMetricData's 1 MB. */
const longestBody = 1024 * 1024;

/** Serves a simulator on the loopback interface: ECS, CloudWatch, EventBridge and Elastic Load Balancing on one port; port 0 takes any free one. */
export async function startEcsServer(
  simulator: Pick<EcsSimulator, 'call'>,
  { port = 0 }: { port?: number } = {},
): Promise<EcsServer> {
  let served = 0;
  const server = createServer((request, response) => {
    served += 1;
    const requestId = `00000000-0000-4000-a000-${served.toString().padStart(12, '0')}`;
    answer(simulator, request)
      .catch((error: unknown) => errorAnswer(error, defaultProtocol))
      .then((reply) => send(response, requestId, reply));
  });
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

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

async function answer(simulator: Pick<EcsSimulator, 'call'>, request: IncomingMessage): Promise<Answer> {
  const { method, url, headers } = request;
  const body = await bodyOf(request);
  const addressed = addressOf({ method, url, target: headers['x-amz-target']?.toString(), body });
  const protocol = addressed?.protocol ?? defaultProtocol;
  try {
    const operation = addressed && operationName(addressed.service, addressed.operation);
    if (operation === null) throw unknownOperation;
    const input = withoutNulls(protocol.parse(body));
    const output = simulator.call(operation, input, callerOf(request));
    return { status: 200, body: protocol.format(output), headers: protocol.headers };
  } catch (error) {
    return errorAnswer(error, protocol);
  }
}

const unknownOperation = new EcsError(
  'UnknownOperationException',
  'The request names no operation of Amazon ECS, CloudWatch, EventBridge or Elastic Load Balancing.',
);

function errorAnswer(error: unknown, protocol: Protocol): Answer {
  const known =
    error instanceof EcsError
      ? error
      : new EcsError('ServerException', `The simulator failed: ${String(error)}`);
  const status = known.httpStatus;
  // By which clients of CloudWatch know the errors of its older protocol.
  const queryError = { 'x-amzn-query-error': `${known.name};${status < 500 ? 'Sender' : 'Receiver'}` };
  return { status, body: protocol.formatError(known), headers: { ...protocol.headers, ...queryError } };
}

function send(response: ServerResponse, requestId: string, { status, headers, body }: Answer): void {
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

/** In AWS JSON a null member is a member that was not given: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)]));
}

function callerOf(request: IncomingMessage): Caller {
  const credential = /Credential=([^/,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  return {
    accessKeyId: credential ?? 'anonymous',
    userAgent: request.headers['user-agent'] ?? '',
    sourceIpAddress: request.socket.remoteAddress ?? '',
  };
}
