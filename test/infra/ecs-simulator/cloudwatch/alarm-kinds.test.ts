import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseMetricMath } from '../../../../infra/ecs-simulator/src/cloudwatch/metric-math';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
let client: CloudWatchClient;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
  client = new CloudWatchClient({
    endpoint: ecs.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'unused' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await ecs.stop();
});

const comparison = {
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
} as const;
const stat = (Id: string, MetricName: string) => ({
  Id,
  MetricStat: { Metric: { Namespace: 'shop', MetricName }, Period: 60, Stat: 'Sum' },
  ReturnData: false,
});
const rate = { Id: 'rate', Expression: '100 * errors / requests', Label: 'percent', ReturnData: true };
const ofRate: PutMetricAlarmCommandInput = {
  AlarmName: 'rate',
  ...comparison,
  Metrics: [rate, stat('errors', 'errors'), stat('requests', 'requests')],
};
const plain = {
  AlarmName: 'errors',
  Namespace: 'shop',
  MetricName: 'errors',
  Statistic: 'Sum',
  Period: 60,
} as const;

async function states(AlarmTypes?: ('MetricAlarm' | 'CompositeAlarm')[]): Promise<Record<string, string>> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmTypes }),
  );
  const all = [...MetricAlarms, ...CompositeAlarms];
  return Object.fromEntries(all.map(({ AlarmName = '', StateValue = '' }) => [AlarmName, StateValue]));
}
function putData(values: Record<string, number>): void {
  const MetricData = Object.entries(values).map(([MetricName, Value]) => ({ MetricName, Value }));
  ecs.call('PutMetricData', { Namespace: 'shop', MetricData });
}

describe('an alarm on metric math', () => {
  it('is raised by the value of its expression, and described as it was put', async () => {
    await client.send(new PutMetricAlarmCommand(ofRate));
    putData({ errors: 4, requests: 100 });
    ecs.clock.advanceBy(60);
    expect(await states()).toEqual({ rate: 'OK' });
    putData({ errors: 6, requests: 100 });
    ecs.clock.advanceBy(60);
    expect(await states()).toEqual({ rate: 'ALARM' });
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms?.[0]).toMatchObject(ofRate);
    expect(MetricAlarms?.[0]).not.toHaveProperty('MetricName');
    expect(ecs.details('CloudWatch Alarm State Change').at(-1)).toMatchObject({
      alarmName: 'rate',
      configuration: {
        metrics: expect.arrayContaining([{ id: 'rate', expression: rate.Expression, returnData: true }]),
      },
    });
  });

  it('has no data where it divides by nothing', async () => {
    await client.send(new PutMetricAlarmCommand(ofRate));
    putData({ errors: 6, requests: 100 });
    ecs.clock.advanceBy(60);
    putData({ errors: 0, requests: 0 });
    ecs.clock.advanceBy(60);
    expect(await states()).toEqual({ rate: 'INSUFFICIENT_DATA' });
  });

  it.each([
    [
      'two values to compare',
      { ...ofRate, Metrics: [{ ...rate }, { ...stat('errors', 'errors'), ReturnData: true }] },
    ],
    [
      'an expression that cannot be read',
      { ...ofRate, Metrics: [{ ...rate, Expression: 'errors /' }, stat('errors', 'e')] },
    ],
    ['a metric beside', { ...ofRate, ...plain, AlarmName: 'rate' }],
    ['neither a metric nor an expression', { AlarmName: 'rate', ...comparison }],
  ])('is refused with %s', async (_, input) => {
    await expect(client.send(new PutMetricAlarmCommand(input))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    expect(await states()).toEqual({});
  });
});

describe('metric math', () => {
  const values = new Map([
    ['a', 6],
    ['b', 4],
    ['none', null],
  ]);
  it.each([
    ['a + b * 2 - 1', 13],
    ['(a + b) * -2', -20],
    ['a / (b - 4)', null],
    ['IF(a > b, a / b, 0)', 1.5],
    ['IF(a <= b, 1)', null],
    ['MAX([b, none, 5])', 5],
    ['SUM([a, b, none])', 10],
    ['SUM(METRICS()) / 2', 5],
    ['FILL(none, 0) + a', 6],
    ['none + a', null],
    ['a == 6', 1],
  ])('works out %s', (expression, value) => {
    expect(parseMetricMath(expression, [...values.keys()])(values)).toBe(value);
  });
});

describe('a composite alarm', () => {
  it('follows other alarms by its rule, and is described only where it is asked for', async () => {
    await client.send(new PutMetricAlarmCommand({ ...plain, ...comparison }));
    await client.send(new PutMetricAlarmCommand({ ...plain, ...comparison, AlarmName: 'maintenance' }));
    const AlarmRule = 'ALARM("errors") AND NOT (ALARM(maintenance) OR FALSE)';
    await client.send(new PutCompositeAlarmCommand({ AlarmName: 'page', AlarmRule }));
    const set = (AlarmName: string, StateValue: string) =>
      ecs.call('SetAlarmState', { AlarmName, StateValue, StateReason: 'for a test' });
    expect(await states(['CompositeAlarm'])).toEqual({ page: 'OK' });
    set('errors', 'ALARM');
    expect(await states(['CompositeAlarm', 'MetricAlarm'])).toMatchObject({ errors: 'ALARM', page: 'ALARM' });
    set('maintenance', 'ALARM');
    expect(await states(['CompositeAlarm'])).toEqual({ page: 'OK' });
    expect(Object.keys(await states())).toEqual(['errors', 'maintenance']);
    expect(ecs.details('CloudWatch Alarm State Change').at(-1)).toMatchObject({
      alarmName: 'page',
      configuration: { alarmRule: AlarmRule },
    });
  });

  it('is refused with a rule that cannot be read', async () => {
    const put = new PutCompositeAlarmCommand({ AlarmName: 'page', AlarmRule: 'ALARM(errors) AND' });
    await expect(client.send(put)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

describe('an alarm', () => {
  const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors';
  const tags = async () =>
    (await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags?.map(
      ({ Key, Value }) => `${Key}=${Value}`,
    );

  it('keeps the tags of its creation until they are changed', async () => {
    const Tags = [{ Key: 'owner', Value: 'guard' }];
    await client.send(new PutMetricAlarmCommand({ ...plain, ...comparison, Tags }));
    const again = { ...plain, ...comparison, Threshold: 9, Tags: [{ Key: 'owner', Value: 'other' }] };
    await client.send(new PutMetricAlarmCommand(again));
    expect(await tags()).toEqual(['owner=guard']);
    await client.send(new TagResourceCommand({ ResourceARN: arn, Tags: [{ Key: 'service', Value: 'web' }] }));
    await client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: ['owner'] }));
    expect(await tags()).toEqual(['service=web']);
  });

  it('keeps its state when it is put again, and is gone when it is deleted', async () => {
    await client.send(new PutMetricAlarmCommand({ ...plain, ...comparison }));
    ecs.call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'for a test' });
    await client.send(new PutMetricAlarmCommand({ ...plain, ...comparison, Threshold: 9 }));
    expect(await states()).toEqual({ errors: 'ALARM' });
    const both = new DeleteAlarmsCommand({ AlarmNames: ['errors', 'none'] });
    await expect(client.send(both)).rejects.toMatchObject({ name: 'ResourceNotFound' });
    expect(await states()).toEqual({ errors: 'ALARM' });
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }));
    expect(await states()).toEqual({});
    await expect(tags()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
