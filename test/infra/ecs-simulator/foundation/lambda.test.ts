import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type InvokeLambda, lambdaAt } from '../../../../infra/ecs-simulator/src/ecs-simulator';

let server: Server;
let invoke: InvokeLambda;
let asked: { url: string; body: string }[];
let reply: { status: number; headers: Record<string, string>; body: string };

beforeEach(async () => {
  asked = [];
  reply = { status: 200, headers: {}, body: '{"hookStatus":"SUCCEEDED"}' };
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ url: request.url ?? '', body: Buffer.concat(chunks).toString() });
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  invoke = lambdaAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const check = 'arn:aws:lambda:us-east-1:123456789012:function:check';

// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
describe('a function that is called over HTTP', () => {
  it('is called as Lambda is, with its ARN in the path and the payload as the body', async () => {
    expect(await invoke(check, { lifecycleStage: 'PRE_SCALE_UP' })).toEqual({ hookStatus: 'SUCCEEDED' });
    expect(asked).toEqual([
      {
        url: `/2015-03-31/functions/${encodeURIComponent(check)}/invocations`,
        body: '{"lifecycleStage":"PRE_SCALE_UP"}',
      },
    ]);
  });

  it('has failed where Lambda says so, or nobody answers', async () => {
    reply = { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorMessage":"no"}' };
    await expect(invoke(check, {})).rejects.toThrow('errorMessage');
    reply = { status: 404, headers: {}, body: 'none' };
    await expect(invoke(check, {})).rejects.toThrow('failed with 404');
  });
});
