import { Readable } from 'node:stream';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EcsError } from '../../../infra/ecs-simulator/src/ecs-error';
import type { EcsSimulator } from '../../../infra/ecs-simulator/src/simulator';

/** The SDK's own client on a simulator in this process: everything but the wire, for runs by the thousand. */
export function inProcessEcsClient(simulator: EcsSimulator, accessKeyId: string): ECSClient {
  const caller = { accessKeyId, userAgent: 'test', sourceIpAddress: '127.0.0.1' };
  return new ECSClient({
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'unused' },
    maxAttempts: 1,
    requestHandler: {
      async handle({ headers, body }: { headers: Record<string, string>; body: string }) {
        const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
        return { response: answer(() => simulator.call(operation, JSON.parse(body), caller)) };
      },
    } as never,
  });
}

function answer(call: () => unknown) {
  try {
    return response(200, call());
  } catch (error) {
    if (!(error instanceof EcsError)) throw error;
    return response(error.httpStatus, { __type: error.name, message: error.message });
  }
}

function response(statusCode: number, body: unknown) {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'in-process' };
  return { statusCode, headers, body: Readable.from([Buffer.from(JSON.stringify(body))]) };
}
