import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type Bus, startBus } from '../../../../../infra/local/aws/bus/bus';

const ecs = (detailType: string, detail: object = {}) => ({
  source: 'aws.ecs',
  'detail-type': detailType,
  detail,
});
const call = (eventName: string) =>
  ecs('AWS API Call via CloudTrail', { eventSource: 'ecs.amazonaws.com', eventName });
const deployment = (deploymentId: string) => ecs('ECS Deployment State Change', { deploymentId });

describe('the bus', () => {
  it.each([
    ['DeploymentStateChangeRule', ecs('ECS Deployment State Change')],
    ['TaskStateChangeRule', ecs('ECS Task State Change', { group: 'service:web' })],
    [
      'ServiceActionRule',
      ecs('ECS Service Action', { eventName: 'SERVICE_TASK_PLACEMENT_FAILURE', eventType: 'ERROR' }),
    ],
    ['HookStateChangeRule', ecs('ECS Hook State Change', { eventName: 'HOOK_AWAITING_ACTION' })],
    ['ServiceCallRule', call('UpdateService')],
    ['ServiceCallRule', call('StopServiceDeployment')],
    ['ServiceCallRule', call('ContinueServiceDeployment')],
    ['OperatorActionRule', { source: 'rewind.operator', 'detail-type': 'Rewind Operator Action' }],
    ['ProbeRule', { source: 'rewind.doctor', 'detail-type': 'Rewind Probe' }],
    ['AlarmStateChangeRule', { source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change' }],
  ])('delivers what %s matches once', async (rule, envelope) => {
    const { bus, batches } = recordingBus();
    expect(bus.put(envelope)).toEqual([rule]);
    await bus.drained();
    expect(batches.map((batch) => batch.map((record) => JSON.parse(record.body)))).toEqual([[envelope]]);
  });

  it.each([
    ['a task of no service', ecs('ECS Task State Change', { group: 'family:batch' })],
    ['a task without a group', ecs('ECS Task State Change')],
    ['a call that changes no service', call('RunTask')],
    [
      'a call to another AWS service',
      ecs('AWS API Call via CloudTrail', { eventSource: 's3.amazonaws.com', eventName: 'UpdateService' }),
    ],
    ['a steady state', ecs('ECS Service Action', { eventName: 'SERVICE_STEADY_STATE', eventType: 'INFO' })],
    ['a container instance', ecs('ECS Container Instance State Change')],
    ['an event of its own kind from elsewhere', { ...deployment('ecs-svc/1'), source: 'custom' }],
  ])('drops %s', async (_, envelope) => {
    const { bus, batches } = recordingBus();
    expect(bus.put(envelope)).toEqual([]);
    await bus.drained();
    expect(batches).toEqual([]);
  });

  it('hands over at most ten messages at a time', async () => {
    const { bus, batches } = recordingBus();
    for (let index = 0; index < 23; index += 1) bus.put(deployment(`ecs-svc/${index}`));
    await bus.drained();
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 3]);
  });

  it('delivers again what the function names as failed, and only that (I1)', async () => {
    const { bus, batches } = recordingBus(
      (record) => attempts(record) === 1 && record.body.includes('ecs-svc/2'),
    );
    for (const index of [1, 2, 3]) bus.put(deployment(`ecs-svc/${index}`));
    await bus.drained();
    expect(batches.map((batch) => batch.length)).toEqual([3, 1]);
    expect(batches[1]?.[0]?.messageId).toBe(batches[0]?.[1]?.messageId);
    expect(bus.deadLetters).toEqual([]);
  });

  it('keeps a poison message as a dead letter, and what came with it goes on (I1)', async () => {
    const { bus } = recordingBus((record) => record.body.includes('poison'));
    bus.put(deployment('poison'));
    bus.put(deployment('ecs-svc/1'));
    await bus.drained();
    expect(bus.deadLetters).toEqual([{ body: JSON.stringify(deployment('poison')), receiveCount: 5 }]);
  });

  it('takes an error for the failure of the whole batch', async () => {
    let calls = 0;
    const bus = startBus(async () => {
      calls += 1;
      if (calls === 1) throw new Error('no database');
      return { batchItemFailures: [] };
    });
    bus.put(deployment('ecs-svc/1'));
    await bus.drained();
    expect([calls, bus.deadLetters]).toEqual([2, []]);
  });

  it('stops when the batch in flight is done', async () => {
    let isDone = false;
    const bus = startBus(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isDone = true;
      return { batchItemFailures: [] };
    });
    bus.put(deployment('ecs-svc/1'));
    await Promise.resolve();
    await bus.stop();
    expect(isDone).toBe(true);
    expect(() => bus.put(deployment('ecs-svc/2'))).toThrow('stopped');
  });
});

function attempts(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}

/** A bus whose function fails the records that it is told to. */
function recordingBus(fails: (record: SQSRecord) => boolean = () => false): {
  bus: Bus;
  batches: SQSRecord[][];
} {
  const batches: SQSRecord[][] = [];
  const bus = startBus(async ({ Records }: SQSEvent) => {
    batches.push(Records);
    return {
      batchItemFailures: Records.filter(fails).map(({ messageId }) => ({ itemIdentifier: messageId })),
    };
  });
  return { bus, batches };
}
