import { cbor, tag } from '@smithy/core/cbor';
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
const now = () => tag({ tag: 1, value: ecs.clock.now() / 1000 });

const inCbor = (operation: string, input: object) => sendCbor(operation, cbor.serialize(input));

async function sendCbor(operation: string, bytes: Uint8Array) {
  const response = await fetch(
    `${ecs.endpoint}/service/GraniteServiceVersion20100801/operation/${operation}`,
    {
      method: 'POST',
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
      body: new Uint8Array(bytes),
    },
  );
  return cbor.deserialize(new Uint8Array(await response.arrayBuffer())) as Record<string, unknown>;
}

describe('CBOR, which the AWS CLI speaks to CloudWatch,', () => {
  it('is answered in CBOR', async () => {
    await inCbor('PutMetricAlarm', alarm);
    await inCbor('SetAlarmState', { AlarmName: 'errors', StateValue: 'OK', StateReason: 'for a test' });
    expect(await inCbor('DescribeAlarms', { StateValue: 'OK' })).toMatchObject({
      MetricAlarms: [{ AlarmName: 'errors', StateValue: 'OK', Threshold: 5 }],
    });
  });

  it('gives an instant with its tag', async () => {
    const MetricData = [{ MetricName: 'errors', Value: 7, Timestamp: now() }];
    await inCbor('PutMetricData', { Namespace: 'shop', MetricData });
    const MetricStat = { Metric: { Namespace: 'shop', MetricName: 'errors' }, Period: 60, Stat: 'Sum' };
    const { MetricDataResults } = await inCbor('GetMetricData', {
      MetricDataQueries: [{ Id: 'sum', MetricStat }],
      StartTime: now(),
      EndTime: tag({ tag: 1, value: ecs.clock.now() / 1000 + 60 }),
    });
    expect(MetricDataResults).toMatchObject([{ Values: [7] }]);
  });

  it('marks the instants of an answer as such', async () => {
    await inCbor('PutMetricAlarm', alarm);
    const { MetricAlarms } = await inCbor('DescribeAlarms', { AlarmNames: ['errors'] });
    expect(MetricAlarms).toMatchObject([
      { AlarmName: 'errors', StateUpdatedTimestamp: { tag: 1, value: ecs.clock.now() / 1000 } },
    ]);
  });

  it('is read where it has no length of its own', async () => {
    await inCbor('PutMetricAlarm', alarm);
    // {_ "AlarmNames": [_ "errors"]}
    const indefinite = Buffer.from(`bf6a${hexOf('AlarmNames')}9f66${hexOf('errors')}ffff`, 'hex');
    const { MetricAlarms } = await sendCbor('DescribeAlarms', indefinite);
    expect(MetricAlarms).toMatchObject([{ AlarmName: 'errors' }]);
  });

  it.each([
    ['ends too early', Buffer.from([0x62, 0x61])],
    ['never ends', Buffer.alloc(100_000, 0x81)],
    ['is none', Buffer.from([0xff])],
  ])('is refused where it %s', async (_, bytes) => {
    expect(await sendCbor('DescribeAlarms', bytes)).toEqual({
      __type: 'SerializationException',
      message: 'The request is not valid CBOR.',
    });
  });
});

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}
