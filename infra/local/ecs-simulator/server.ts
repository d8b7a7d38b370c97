import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EcsError } from './ecs-error';
import type { Caller } from './notifications/api-call-notification';
import type { EcsSimulator } from './simulator';

export interface EcsServer {
  /** `http://127.0.0.1:<port>`: the `endpoint` of an SDK client, the `--endpoint-url` of the AWS CLI. */
  readonly endpoint: string;
  readonly port: number;
  /** Ends every connection and frees the port. The clock is its owner's to stop. */
  close(): Promise<void>;
}

/** The most that is read of one request: an ECS request is a task definition of 64 KiB at the largest. */
const longestBody = 1024 * 1024;
const targetPattern = /^AmazonEC2ContainerServiceV20141113\.(\w+)$/;

/** Serves a simulator in AWS JSON 1.1 on the loopback interface; port 0 takes any free one. */
export async function startEcsServer(
  simulator: EcsSimulator,
  { port = 0 }: { port?: number } = {},
): Promise<EcsServer> {
  let served = 0;
  const server = createServer((request, response) => {
    served += 1;
    const requestId = `00000000-0000-4000-a000-${served.toString().padStart(12, '0')}`;
    answer(simulator, request)
      .catch(errorAnswer)
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
  readonly body: unknown;
}

async function answer(simulator: EcsSimulator, request: IncomingMessage): Promise<Answer> {
  const body = await bodyOf(request);
  const operation = targetPattern.exec(String(request.headers['x-amz-target'] ?? ''))?.[1];
  if (request.method !== 'POST' || operation === undefined) {
    throw new EcsError('UnknownOperationException', 'X-Amz-Target names no operation of Amazon ECS.');
  }
  return { status: 200, body: simulator.call(operation, parseBody(body), callerOf(request)) };
}

function errorAnswer(error: unknown): Answer {
  const known =
    error instanceof EcsError
      ? error
      : new EcsError('ServerException', `The simulator failed: ${String(error)}`);
  return { status: known.httpStatus, body: { __type: known.name, message: known.message } };
}

function send(response: ServerResponse, requestId: string, { status, body }: Answer): void {
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId })
    .end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > longestBody) throw new EcsError('SerializationException', 'The request is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(body: string): unknown {
  try {
    return withoutNulls(body === '' ? {} : JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new EcsError('SerializationException', 'The request is not valid JSON.');
    throw error;
  }
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
