import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { cloudWatchBackEnd } from '../../../../services/aws/measurements/back-ends/cloudwatch-back-end';
import { httpBackEnd } from '../../../../services/aws/measurements/back-ends/http-back-end';
import { lambdaBackEnd } from '../../../../services/aws/measurements/back-ends/lambda-back-end';
import { logsBackEnd } from '../../../../services/aws/measurements/back-ends/logs-back-end';
import { instantFrom } from '../../../../state-machines/log/instant';
import { SimulatedEcs } from '../../../infra/ecs-simulator/simulated-ecs';
import { AnsweringServer } from './answering-server';
import { metricOf, type ToldBackEnd } from './contract';
import { requests, type ServedRequest, servedIn, versions } from './served-requests';

export const connection = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'unused' },
  maxAttempts: 1,
};
export const identity = {
  credentials: connection.credentials,
  secretOf: async () => Promise.reject(new Error('there is no secret')),
};

/** The simulated CloudWatch, with a metric of the application's own. */
export async function cloudWatchTold(): Promise<ToldBackEnd> {
  const ecs = await SimulatedEcs.start();
  const client = new CloudWatchClient({ ...connection, endpoint: ecs.endpoint });
  for (const version of versions) {
    const own = requests.filter((request) => request.version === version);
    const put = (MetricName: string, counted: readonly ServedRequest[]) => {
      const Dimensions = [
        { Name: 'Service', Value: 'web' },
        { Name: 'Revision', Value: version.taskDefinition.split(':')[1] },
      ];
      const MetricData = counted.map(({ at }) => ({
        MetricName,
        Dimensions,
        Timestamp: new Date(at),
        Value: 1,
      }));
      return client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
    };
    await put('Requests', own);
    await put(
      'Errors',
      own.filter(({ isError }) => isError),
    );
  }
  const dimensions = { Service: 'web', Revision: '{{ arm.revision }}' };
  return {
    backEnd: cloudWatchBackEnd(client),
    metric: metricOf({
      provider: { cloudWatch: { namespace: 'Shop', dimensions } },
      events: 'Errors',
      total: 'Requests',
    }),
    breakDown: () => ecs.stop(),
    stop: async () => {},
  };
}

/** As much of CloudWatch Logs Insights as the query takes, over lines by log stream. */
export async function logsTold(): Promise<ToldBackEnd> {
  const lines = [
    ...requests.map(({ at, task, isError }) => ({
      at,
      stream: `web/app/${task}`,
      message: isError ? 'ERROR 500' : 'GET 200',
    })),
    ...requests.map(({ at }) => ({ at, stream: 'other/app/other', message: 'ERROR' })),
  ];
  const results = new Map<string, { field: string; value: string }[][]>();
  let polls = 0;
  const server = await AnsweringServer.start(({ headers, body }) => {
    const input = JSON.parse(body);
    if (`${headers['x-amz-target']}`.endsWith('StartQuery')) {
      const queryId = `query-${results.size}`;
      const condition = /^filter @message like \/(.*?)\/ \| /.exec(input.queryString)?.[1] ?? '';
      const found = lines.filter(
        ({ at, message }) =>
          at >= input.startTime * 1000 &&
          at < (input.endTime + 1) * 1000 &&
          new RegExp(condition).test(message),
      );
      const rows = new Map<string, number>();
      for (const { at, stream } of found) {
        const row = `${stream} ${Math.floor(at / 60_000)}`;
        rows.set(row, (rows.get(row) ?? 0) + 1);
      }
      results.set(
        queryId,
        [...rows].map(([key, count]) => [
          { field: '@logStream', value: key.split(' ')[0] ?? '' },
          {
            field: 'minute',
            value: new Date(Number(key.split(' ')[1]) * 60_000)
              .toISOString()
              .replace('T', ' ')
              .replace('Z', ''),
          },
          { field: 'lines', value: `${count}` },
        ]),
      );
      return { json: { queryId } };
    }
    polls += 1;
    return {
      json:
        polls % 2 === 1
          ? { status: 'Running', results: [] }
          : { status: 'Complete', results: results.get(input.queryId) },
    };
  });
  const tasksOf = async () =>
    new Map(
      versions.map((version) => [
        version,
        new Set(requests.filter((one) => one.version === version).map(({ task }) => task)),
      ]),
    );
  const logs = new CloudWatchLogsClient({ ...connection, endpoint: server.address });
  return {
    backEnd: logsBackEnd({ logs, tasksOf, pause: async () => {} }),
    metric: metricOf({
      provider: { logs: { logGroup: '/ecs/web' } },
      events: '@message like /ERROR/',
      total: '',
    }),
    breakDown: () => server.stop(),
    stop: async () => {},
  };
}

/** A server of the user's that tells of a version and a minute. */
export async function httpTold(): Promise<ToldBackEnd> {
  const server = await AnsweringServer.start(({ url }) => {
    const version = versions.find(({ taskDefinition }) =>
      taskDefinition.endsWith(`:${url.searchParams.get('revision')}`),
    );
    const until = instantFrom(Date.parse(url.searchParams.get('until') ?? ''));
    if (version === undefined) return { status: 404 };
    const { requests: total, events } = servedIn(until, version);
    return { json: { data: total === 0 ? { total: null, errors: null } : { total, errors: events } } };
  });
  const url = `${server.address}/counts?revision={{ arm.revision }}&until={{ window.until }}`;
  return {
    backEnd: httpBackEnd(identity),
    metric: metricOf({ provider: { http: { url } }, events: 'data.errors', total: 'data.total' }),
    breakDown: () => server.stop(),
    stop: async () => {},
  };
}

/** A function of the user's, behind Lambda's own address. */
export async function lambdaTold(): Promise<ToldBackEnd> {
  const server = await AnsweringServer.start(({ url, body }) => {
    if (url.pathname !== '/2015-03-31/functions/count-errors/invocations') return { status: 404 };
    const { version, window } = JSON.parse(body);
    const own = versions.find(({ taskDefinition }) => taskDefinition === version.taskDefinition);
    if (own === undefined) return { status: 500 };
    const { requests: total, events } = servedIn(instantFrom(Date.parse(window.until)), own);
    return { json: total === 0 ? null : { total, events } };
  });
  return {
    backEnd: lambdaBackEnd(new LambdaClient({ ...connection, endpoint: server.address })),
    metric: metricOf({ provider: { lambda: { function: 'count-errors' } }, events: '', total: '' }),
    breakDown: () => server.stop(),
    stop: async () => {},
  };
}
