import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { answerRequest, type EcsSimulator } from '../ecs-simulator/src/ecs-simulator';

/**
 * Real clients of the SDK that reach a simulator without HTTP, so that nothing depends on sockets
 * and their order.
 */
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
  const { method, path: url, headers: given } = request;
  const asked = { method, url, target: given['x-amz-target'], body: bytesOf(request.body) };
  const caller = { accessKeyId, userAgent: 'rewind', sourceIpAddress: '127.0.0.1' };
  const { status, headers, body } = answerRequest(simulator, asked, caller);
  return { statusCode: status, headers, body: new Uint8Array(body) };
}

/** Without a call of the body's own methods, of which the SDK warns. */
function bytesOf(body: string | Uint8Array): Buffer {
  return typeof body === 'string'
    ? Buffer.from(body)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
