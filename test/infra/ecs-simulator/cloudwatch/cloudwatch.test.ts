import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
  waitUntilAlarmExists,
} from '@aws-sdk/client-cloudwatch';
import { RunTaskCommand } from '@aws-sdk/client-ecs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const alarm = {
  AlarmName: 'errors',
  Namespace: 'shop',
  MetricName: 'errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
};

async function inJson(operation: string, input: object) {
  const response = await fetch(ecs.endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': `GraniteServiceVersion20100801.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
    },
    body: JSON.stringify(input),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return {
    type: response.headers.get('content-type'),
    queryError: response.headers.get('x-amzn-query-error'),
    body,
  };
}

describe('CloudWatch, at the same endpoint', () => {
  it('speaks JSON 1.0, with the error names of its older protocol beside', async () => {
    expect((await inJson('PutMetricAlarm', alarm)).type).toBe('application/x-amz-json-1.0');
    expect((await inJson('DescribeAlarms', { AlarmNames: ['errors'] })).body).toMatchObject({
      MetricAlarms: [
        {
          AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors',
          StateValue: 'INSUFFICIENT_DATA',
          StateUpdatedTimestamp: expect.any(Number),
        },
      ],
    });
    const unknown = { AlarmName: 'none', StateValue: 'OK', StateReason: 'x' };
    expect(await inJson('SetAlarmState', unknown)).toMatchObject({
      body: { __type: 'ResourceNotFound' },
      queryError: 'ResourceNotFound;Sender',
    });
    expect((await inJson('PutMetricAlarm', { ...alarm, Period: 1 })).body.__type).toBe(
      'InvalidParameterValueException',
    );
  });

  it("works with the SDK's client, its paginator and its waiter", async () => {
    const client = new CloudWatchClient({
      endpoint: ecs.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'unused' },
      maxAttempts: 1,
    });
    const command = { ...alarm, Statistic: 'Sum', ComparisonOperator: 'GreaterThanThreshold' } as const;
    for (const AlarmName of ['a', 'b', 'c'])
      await client.send(new PutMetricAlarmCommand({ ...command, AlarmName }));
    const names: (string | undefined)[] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client, pageSize: 2 }, {})) {
      names.push(...MetricAlarms.map(({ AlarmName }) => AlarmName));
    }
    expect(names).toEqual(['a', 'b', 'c']);
    const waiter = await waitUntilAlarmExists(
      { client, maxWaitTime: 2, minDelay: 1, maxDelay: 1 },
      { AlarmNames: ['a'] },
    );
    expect(waiter.state).toBe('SUCCESS');
    const set = new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'OK', StateReason: 'x' });
    await expect(client.send(set)).rejects.toMatchObject({ name: 'ResourceNotFound' });
    client.destroy();
  });

  it('raises and clears an alarm by what is put, and tells of each change once', async () => {
    await inJson('PutMetricAlarm', { ...alarm, TreatMissingData: 'notBreaching' });
    for (let minute = 0; minute < 3; minute += 1) {
      await inJson('PutMetricData', { Namespace: 'shop', MetricData: [{ MetricName: 'errors', Value: 9 }] });
      ecs.clock.advanceBy(60);
    }
    ecs.clock.advanceBy(300);
    const states = ecs
      .details('CloudWatch Alarm State Change')
      .map(({ state }) => (state as { value: string }).value);
    expect(states).toEqual(['OK', 'ALARM', 'OK']);
  });

  it('gives back what was put, by period', async () => {
    const MetricData = [
      { MetricName: 'errors', Values: [1, 3], Counts: [1, 2], Timestamp: ecs.clock.now() / 1000 },
    ];
    await inJson('PutMetricData', { Namespace: 'shop', MetricData });
    const stat = (Stat: string) => ({
      Id: Stat.toLowerCase(),
      MetricStat: { Metric: { Namespace: 'shop', MetricName: 'errors' }, Period: 60, Stat },
    });
    const from = ecs.clock.now() / 1000;
    const { body } = await inJson('GetMetricData', {
      MetricDataQueries: ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum'].map(stat),
      StartTime: from,
      EndTime: from + 60,
    });
    const results = body.MetricDataResults as { Values: number[] }[];
    expect(results.map(({ Values }) => Values[0])).toEqual([7, 3, 7 / 3, 1, 3]);
  });
});

describe('EventBridge, at the same endpoint', () => {
  it('puts an event of a program among the notifications', async () => {
    const client = new EventBridgeClient({
      endpoint: ecs.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'shop', secretAccessKey: 'unused' },
    });
    const { FailedEntryCount, Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: [
          { Source: 'shop', DetailType: 'Sold', Detail: '{"item":1}' },
          { Source: 'aws.ecs', DetailType: 'Forged', Detail: '{}' },
          { Source: 'shop', DetailType: 'Broken', Detail: '{' },
        ],
      }),
    );
    client.destroy();
    expect(FailedEntryCount).toBe(2);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'NotAuthorizedForSourceException',
      'MalformedDetail',
    ]);
    expect(ecs.notifications).toMatchObject([
      { id: Entries[0]?.EventId, source: 'shop', 'detail-type': 'Sold', detail: { item: 1 } },
    ]);
  });
});

describe('RunTask', () => {
  it('runs tasks of no service', async () => {
    const taskDefinition = await ecs.register({ 'rewind.behaviour': 'crash', 'rewind.exit-code': '0' });
    const run = new RunTaskCommand({ cluster: 'prod', taskDefinition, count: 2, startedBy: 'me' });
    expect((await ecs.client.send(run)).tasks).toHaveLength(2);
    ecs.clock.advanceBy(120);
    const stopped = ecs.details('ECS Task State Change').filter(({ lastStatus }) => lastStatus === 'STOPPED');
    expect(stopped).toHaveLength(2);
    expect(stopped[0]).toMatchObject({
      group: 'family:web',
      startedBy: 'me',
      stopCode: 'EssentialContainerExited',
    });
  });

  it('starts one task for a client token, and refuses another request under it', async () => {
    const taskDefinition = await ecs.register();
    const run = (more: object = {}) =>
      ecs.client.send(new RunTaskCommand({ cluster: 'prod', taskDefinition, clientToken: 'a', ...more }));
    const [first, second] = [await run(), await run()];
    expect(second.tasks?.[0]?.taskArn).toBe(first.tasks?.[0]?.taskArn);
    await expect(run({ startedBy: 'another' })).rejects.toMatchObject({ name: 'ConflictException' });
  });

  it('is refused for a deregistered task definition, by another error than UpdateService', async () => {
    const taskDefinition = await ecs.register();
    await ecs.deregister(taskDefinition);
    await expect(
      ecs.client.send(new RunTaskCommand({ cluster: 'prod', taskDefinition })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'TaskDefinition is inactive',
    });
  });
});

describe('throttling, where it is asked for', () => {
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
  it('refuses what is beyond the bucket, and fills it again in time', async () => {
    await ecs.stop();
    ecs = await SimulatedEcs.start(1, { throttles: true });
    for (let count = 0; count < 20; count += 1) await ecs.register();
    await expect(ecs.register()).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
    });
    ecs.clock.advanceBy(2);
    await ecs.register();
  });
});
