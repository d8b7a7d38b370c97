import { createHash, createHmac } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import type { MetricBackEnd } from '../../../../services/aws/measurements/back-ends/back-end';
import { askBackEnd } from '../../../../services/aws/measurements/back-ends/back-ends';
import { httpBackEnd } from '../../../../services/aws/measurements/back-ends/http-back-end';
import { lambdaBackEnd } from '../../../../services/aws/measurements/back-ends/lambda-back-end';
import { prometheusBackEnd } from '../../../../services/aws/measurements/back-ends/prometheus-back-end';
import { secretReader } from '../../../../services/aws/measurements/back-ends/secret-reader';
import type { ProvidedMetric } from '../../../../state-machines/log/measuring/analysis-policy';
import type { ServerAuthentication } from '../../../../state-machines/log/measuring/metric-provider';
import { SimulatedEcs } from '../../../infra/ecs-simulator/simulated-ecs';
import { AnsweringServer, type AskedRequest } from './answering-server';
import { metricOf } from './contract';
import { minuteEnd, service, versions } from './served-requests';
import { connection, identity } from './told-back-ends';

let server: AnsweringServer;
afterEach(() => server?.stop());

const windows = [minuteEnd(1), minuteEnd(2), minuteEnd(3)];
const one = versions.slice(0, 1);

function ask(backEnd: MetricBackEnd, metric: ProvidedMetric) {
  return askBackEnd(async () => backEnd, { service, metric, versions: one, windows });
}

const series = (...values: readonly string[]) => ({
  metric: {},
  values: values.map((value, index) => [(windows[index] ?? 0) / 1000, value]),
});
const matrix = (...result: readonly object[]) => ({
  status: 'success',
  data: { resultType: 'matrix', result },
});

/** Answers of a Prometheus to the query of all requests, and to that of the errors. */
async function prometheusThat(total: unknown, events: unknown, authentication: ServerAuthentication = {}) {
  server = await AnsweringServer.start(({ body }) => ({ json: body.includes('errors') ? events : total }));
  const provider = { prometheus: { address: `${server.address}/workspaces/ws-1`, authentication } };
  return ask(prometheusBackEnd(identity), metricOf({ provider, events: 'errors', total: 'total' }));
}

async function jsonThat(answer: Parameters<typeof AnsweringServer.start>[0], secret: string) {
  server = await AnsweringServer.start(answer);
  const headers = { 'x-api-key': 'arn:aws:ssm:us-east-1:123456789012:parameter/shop/key' };
  const provider = { http: { url: server.address, authentication: { headers } } };
  const backEnd = httpBackEnd({ ...identity, secretOf: async () => secret });
  return ask(backEnd, metricOf({ provider, events: 'failed', total: 'all' }));
}

describe('an answer of Prometheus', () => {
  it('R43 may have fractions, and tells nothing of a minute with what is no number', async () => {
    const answer = await prometheusThat(
      matrix(series('59.7', 'NaN', '60')),
      matrix(series('1.4', '0', '+Inf')),
    );
    const [reading] = 'told' in answer ? answer.told : [];
    expect([...(reading?.minutes ?? [])]).toEqual([[windows[0], { requests: 59.7, events: 1.4 }]]);
  });

  it('R44 without a series has counted nothing', async () => {
    const none = await prometheusThat(matrix(), matrix());
    expect('told' in none && none.told[0]?.minutes.size).toBe(0);
    await server.stop();
    const noErrors = await prometheusThat(matrix(series('60', '60', '60')), matrix());
    expect('told' in noErrors && noErrors.told[0]?.minutes.get(minuteEnd(2))).toEqual({
      requests: 60,
      events: 0,
    });
  });

  it('R69 with several series is unreadable, and says why', async () => {
    const answer = await prometheusThat(matrix(series('30'), series('30')), matrix(series('1')));
    expect(answer).toEqual({
      because: 'UnreadableAnswerError: the query finds 2 series instead of one: sum them up',
    });
  });

  it('is partial where it says so', async () => {
    const answer = await prometheusThat({ ...matrix(series('60')), isPartial: true }, matrix());
    expect('told' in answer && answer.told[0]?.isPartial).toBe(true);
  });

  it.each([
    [{ status: 'error', error: 'parse error' }, 'Prometheus answers with what is no range of values'],
    ['hello', 'Prometheus answers with what is no range of values'],
  ])('that holds no counts is unreadable: %j', async (total, because) => {
    expect(await prometheusThat(total, matrix())).toEqual({ because: `UnreadableAnswerError: ${because}` });
  });

  it('of Amazon is asked for with a signature, which AWS finds right', async () => {
    await prometheusThat(matrix(), matrix(), { sigv4: { region: 'eu-central-1' } });
    for (const asked of server.asked) {
      expect(asked.headers.authorization).toBe(signatureOf(asked));
      expect(asked.url.pathname).toBe('/workspaces/ws-1/api/v1/query_range');
    }
    expect(server.asked).toHaveLength(2);
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ method, url, headers, body }: AskedRequest): string {
  const [, signed = ''] = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const lines = signed.split(';').map((name) => `${name}:${headers[name]}\n`);
  const request = [method, url.pathname, url.search.slice(1), lines.join(''), signed, hash(body)].join('\n');
  const time = `${headers['x-amz-date']}`;
  const scope = [time.slice(0, 8), 'eu-central-1', 'aps', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${connection.credentials.secretAccessKey}`,
  );
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), hash(request)].join('\n');
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const credential = `${connection.credentials.accessKeyId}/${scope.join('/')}`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`;
}

describe('a server that wants a secret', () => {
  it('R64 is sent it in the header that the policy names', async () => {
    const answer = await jsonThat(() => ({ json: { all: 60, failed: 2 } }), 'hunter2\n');
    expect('told' in answer && answer.told[0]?.minutes.get(minuteEnd(1))).toEqual({
      requests: 60,
      events: 2,
    });
    expect(server.asked.map(({ headers }) => headers['x-api-key'])).toEqual([
      'hunter2',
      'hunter2',
      'hunter2',
    ]);
  });

  it.each([
    ['answers with an error', () => ({ status: 500, text: 'wrong key hunter2' }), 'answers with status 500'],
    ['sends it on', () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }), 'status 302'],
    ['answers with text', () => ({ status: 200, text: 'hunter2' }), 'answers with what is no JSON'],
    [
      'answers with other JSON',
      () => ({ json: { all: 60, hunter2: 0 } }),
      'the answer has no count at failed',
    ],
  ] as const)('R64 that %s is unreadable, and the secret is in no text', async (_, answer, because) => {
    const told = JSON.stringify(await jsonThat(answer, 'hunter2'));
    expect(told).toContain(because);
    expect(told).not.toContain('hunter2');
  });

  it('R64 does not get one that no header can hold, and nobody reads it', async () => {
    const told = JSON.stringify(await jsonThat(() => ({ json: {} }), 'hunter2\nhunter3'));
    expect(told).toContain('does not answer (TypeError)');
    expect(told).not.toContain('hunter');
  });
});

it('reads secrets by their ARNs, of Secrets Manager too', async () => {
  const ecs = await SimulatedEcs.start();
  ecs.call('PutParameter', { Name: '/shop/token', Value: 'one' });
  ecs.call('PutParameter', { Name: '/aws/reference/secretsmanager/shop/key', Value: 'two' });
  const regions: string[] = [];
  const secretOf = secretReader(async (region) => {
    regions.push(region);
    return new SSMClient({ ...connection, endpoint: ecs.endpoint });
  });
  expect(await secretOf('arn:aws:ssm:eu-west-1:123456789012:parameter/shop/token')).toBe('one');
  const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/key-a1B2c3';
  expect(await secretOf(secret)).toBe('two');
  expect(regions).toEqual(['eu-west-1', 'eu-central-1']);
  await ecs.stop();
});

describe('a function that only checks', () => {
  async function functionThat(answer: Parameters<typeof AnsweringServer.start>[0]) {
    server = await AnsweringServer.start(answer);
    const backEnd = lambdaBackEnd(new LambdaClient({ ...connection, endpoint: server.address }));
    return ask(backEnd, metricOf({ provider: { lambda: { function: 'check' } }, events: '', total: '' }));
  }

  it('counts as one request, which passes or does not', async () => {
    const answer = await functionThat(({ body }) => ({
      json: { passed: JSON.parse(body).window.until !== new Date(minuteEnd(2)).toISOString() },
    }));
    const [reading] = 'told' in answer ? answer.told : [];
    expect([...(reading?.minutes.values() ?? [])].map(({ events }) => events)).toEqual([0, 1, 0]);
  });

  it('is unreadable where it fails, or answers with something else', async () => {
    const failing = await functionThat(() => ({
      status: 200,
      headers: { 'x-amz-function-error': 'Unhandled' },
      text: '{"errorMessage":"no"}',
    }));
    expect(failing).toEqual({ because: 'UnreadableAnswerError: the function failed' });
    await server.stop();
    const other = await functionThat(() => ({ json: { total: 'many' } }));
    expect(other).toEqual({
      because: 'UnreadableAnswerError: the function answers with neither counts nor passed',
    });
  });
});
