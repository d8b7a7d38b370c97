import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EcsError } from '../ecs-simulator/src/ecs-error';
import { operationName } from '../ecs-simulator/src/operations/operation-table';
import type { EcsSimulator } from '../ecs-simulator/src/simulator';
import { addressOf } from '../ecs-simulator/src/wire/protocol';

/** Real clients of the SDK that reach a simulator without HTTP, so that nothing depends on sockets and their order. */
export function inProcessClients(
  simulator: EcsSimulator,
  accessKeyId: string,
): { readonly ecs: ECSClient; readonly cloudWatch: CloudWatchClient } {
  const options = {
    endpoint: 'http://simulator.invalid',
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'unused' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: Request) => ({ response: answer(simulator, request, accessKeyId) }),
    },
  };
  return { ecs: new ECSClient(options as never), cloudWatch: new CloudWatchClient(options as never) };
}

/** What the SDK hands to whatever sends its requests. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}
interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

function answer(simulator: EcsSimulator, request: Request, accessKeyId: string): Response {
  const { method, path: url, headers } = request;
  const body = bytesOf(request.body);
  const addressed = addressOf({ method, url, target: headers['x-amz-target'], body });
  const operation = addressed && operationName(addressed.service, addressed.operation);
  if (addressed === null || operation === null)
    throw new Error(`the simulator is not spoken to with ${method} ${url}`);
  const { protocol } = addressed;
  const reply = (statusCode: number, answered: Buffer) => ({
    statusCode,
    headers: protocol.headers,
    body: new Uint8Array(answered),
  });
  try {
    const caller = { accessKeyId, userAgent: 'rewind', sourceIpAddress: '127.0.0.1' };
    return reply(200, protocol.format(simulator.call(operation, protocol.parse(body), caller)));
  } catch (error) {
    if (!(error instanceof EcsError)) throw error;
    return reply(error.httpStatus, protocol.formatError(error));
  }
}

/** Without a call of the body's own methods, of which the SDK warns. */
function bytesOf(body: string | Uint8Array): Buffer {
  return typeof body === 'string'
    ? Buffer.from(body)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
