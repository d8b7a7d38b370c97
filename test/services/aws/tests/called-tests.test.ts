import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { checkOverHttp, invokeTest } from '../../../../services/aws/tests/called-tests';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { DeploymentId } from '../../../../state-machines/log/identifiers';
import { instantFrom } from '../../../../state-machines/log/instant';
import type { ReleaseTest } from '../../../../state-machines/log/traffic/release-test';
import { service } from '../../reconciler/worlds/rewind-at-work';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Answer = (response: ServerResponse, request: IncomingMessage, number: number) => void;

async function serve(answer: Answer): Promise<string> {
  let number = 0;
  const server = createServer((request, response) => {
    number += 1;
    request.resume().on('end', () => answer(response, request, number));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function requestOf(test: string) {
  const [declared] = parsePolicyFile(`defaults: { tests: [{ name: check, ${test} }] }`, 'p').policyFor(
    service,
  ).tests;
  const rollout = { deployment: 'ecs-svc/1' as DeploymentId, startedAt: instantFrom(Date.UTC(2026, 0, 1)) };
  return { rollout, attempt: 1, test: declared as ReleaseTest };
}

async function check(url: string, more: string) {
  const request = requestOf(`http: { url: "${url}", ${more} }, timeoutSeconds: 5`);
  const { http } = request.test;
  return http === undefined ? null : checkOverHttp({ ...request, run: http });
}

describe('a test over HTTP', () => {
  it('passes where every answer is as it has to be', async () => {
    const url = await serve((response, { headers }) => {
      const isTest = headers['x-test'] === '1';
      response.writeHead(isTest ? 200 : 500, { 'x-version': '2' }).end('{"ok":true}');
    });
    const more = 'count: 20, contains: ok, headers: { x-test: "1" }, answerHeaders: { x-version: "2" }';
    expect(await check(url, more)).toMatchObject({
      result: 'passed',
      message: '20 of 20 answers were right',
    });
  });

  it('says nothing of the release where an answer never ends, and reads no more of it than a limit', async () => {
    const url = await serve((response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(100_000), () => setImmediate(more));
      };
      more();
    });
    expect(await check(url, 'contains: ok')).toMatchObject({
      result: 'error',
      message: `${url} answers with more than 2000000 bytes`,
    });
  });

  it.each([
    ['status: 200', 'answer 3 of 5: status 500, not 200'],
    ['contains: ready', 'answer 1 of 5: its body does not hold "ready": fine'],
    ['answerHeaders: { x-version: "2" }', 'answer 1 of 5: header x-version is 1'],
  ])('fails with the first answer that is not: %s', async (more, message) => {
    const url = await serve((response, _, number) => {
      response.writeHead(number === 3 ? 500 : 200, { 'x-version': '1' }).end('fine');
    });
    expect(await check(url, `count: 5, ${more}`)).toMatchObject({ result: 'failed', message });
  });

  it('R53 has tested nothing where nobody answers', async () => {
    const url = await serve((response) => response.end());
    servers.splice(0).forEach((server) => {
      server.close();
    });
    expect(await check(url, 'count: 5')).toMatchObject({
      result: 'error',
      message: expect.stringContaining('did not answer: connect ECONNREFUSED'),
    });
  });
});

/** Lambda's API, as far as it takes to call a function. */
async function invoke(answer: Answer) {
  const client = new LambdaClient({
    endpoint: await serve(answer),
    region: 'us-east-1',
    credentials: { accessKeyId: 'rewind', secretAccessKey: 'unused' },
    maxAttempts: 1,
  });
  const request = requestOf('lambda: { function: smoke }');
  const { lambda } = request.test;
  return lambda === undefined ? null : invokeTest(client, service, { ...request, run: lambda });
}

describe('a test that is a function', () => {
  it.each([
    ['{"passed":true,"lines":["a","b"],"message":"12 of 12"}', { result: 'passed', evidence: ['a', 'b'] }],
    ['{"passed":false,"message":"1 of 12"}', { result: 'failed', message: '1 of 12' }],
    ['null', { result: 'error', message: 'its function did not answer with passed: null' }],
  ])('ends as it answers: %s', async (body, ended) => {
    expect(await invoke((response) => response.end(body))).toMatchObject(ended);
  });

  it('R53 has tested nothing where it throws, or cannot be called', async () => {
    const thrown = await invoke((response) =>
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end('{"errorMessage":"oops"}'),
    );
    expect(thrown).toMatchObject({ result: 'error', message: expect.stringContaining('oops') });
    const refused = await invoke((response) =>
      response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' }).end('{"message":"no"}'),
    );
    expect(refused).toMatchObject({ result: 'error', message: expect.stringContaining('AccessDenied') });
  });
});
