import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { jsonAnswers, lambdaAnswer, RefusedError, xmlAnswers } from './answers';
import type { DeployedAccount } from './deployed-account';
import { xml } from './xml';

export interface AccountServer {
  /** One address for all that a stack consists of, its database and ECS too. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface AccountServerOptions {
  readonly account: DeployedAccount;
  readonly dynamoDbEndpoint: string;
  /** Of the simulator: ECS, CloudWatch and the bus. */
  readonly ecsEndpoint: string;
  /** What an answer says of the time; this machine's if left out. */
  readonly date?: () => Date;
  /** Any free one if left out. */
  readonly port?: number;
}

/**
 * Serves what `rewind doctor` looks at, in AWS's own protocols, on the loopback interface.
 */
export async function startAccountServer(options: AccountServerOptions): Promise<AccountServer> {
  const server = createServer((request, response) => {
    answer(options, request)
      .catch(errorAnswer)
      .then((reply) => send(options, response, reply));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

async function answer(options: AccountServerOptions, request: IncomingMessage): Promise<Reply> {
  const body = await buffer(request);
  const target = request.headers['x-amz-target']?.toString() ?? '';
  const { account } = options;
  if (account.denied.has(target.split('.')[1] ?? '')) {
    throw new RefusedError('AccessDeniedException', `not authorized to perform: ${target}`, 403);
  }
  if (target.startsWith('DynamoDB')) return forward(options.dynamoDbEndpoint, request, body);
  const ofJson = jsonAnswers[target];
  if (ofJson !== undefined) return json(ofJson(account, JSON.parse(body.toString('utf8'))));
  const ofLambda = lambdaAnswer(account, request.url ?? '');
  if (ofLambda !== null) return json(ofLambda);
  const form: Readonly<Record<string, string>> = {
    ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))),
    ...signerOf(request),
  };
  const ofXml = xmlAnswers[form.Action ?? ''];
  if (ofXml === undefined) return forward(options.ecsEndpoint, request, body);
  const result = `<${form.Action}Result>${answerIn(() => ofXml(account, form))}</${form.Action}Result>`;
  return { status: 200, headers: inXml, body: `<${form.Action}Response>${result}</${form.Action}Response>` };
}

const inXml = { 'content-type': 'text/xml' };

/** The access key that signed a request is the name of its user, as in the simulated ECS. */
function signerOf({ headers }: IncomingMessage): { readonly Caller?: string } {
  const [, caller] = /Credential=([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return caller === undefined ? {} : { Caller: caller };
}

/** The query protocol has a form of its own for errors. */
function answerIn(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof RefusedError) throw new QueryError(error);
    throw error;
  }
}

class QueryError extends Error {
  constructor(readonly refused: RefusedError) {
    super(refused.message, { cause: refused });
  }
}

function json(body: object): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  };
}

function errorAnswer(error: unknown): Reply {
  if (error instanceof QueryError) {
    const { name, message, status } = error.refused;
    const refusal = { Type: 'Sender', Code: name, Message: message };
    return { status, headers: inXml, body: xml({ ErrorResponse: { Error: refusal } }) };
  }
  const { name, message, status } =
    error instanceof RefusedError ? error : new RefusedError('InternalFailure', String(error), 500);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': name };
  return { status, headers, body: JSON.stringify({ __type: name, message }) };
}

async function forward(endpoint: string, request: IncomingMessage, body: Buffer): Promise<Reply> {
  const answered = await fetch(new URL(request.url ?? '/', endpoint), {
    method: request.method ?? 'POST',
    headers: withoutConnection(request),
    // A request such as a browser's has none, and may have none.
    ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
  });
  const { connection: _, 'transfer-encoding': __, ...headers } = Object.fromEntries(answered.headers);
  return { status: answered.status, headers, body: new Uint8Array(await answered.arrayBuffer()) };
}

function withoutConnection({ headers }: IncomingMessage): Record<string, string> {
  const { connection: _, host: __, 'content-length': ___, ...others } = headers;
  return others as Record<string, string>;
}

function send({ date }: AccountServerOptions, response: ServerResponse, reply: Reply): void {
  const told = date === undefined ? {} : { date: date().toUTCString() };
  response.writeHead(reply.status, { ...reply.headers, ...told }).end(reply.body);
}
