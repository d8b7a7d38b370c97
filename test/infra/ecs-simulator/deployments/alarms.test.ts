import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const watched = (...alarmNames: string[]) => ({ alarms: { alarmNames, enable: true, rollback: true } });

function putAlarm(name: string, input: Record<string, unknown> = {}): void {
  ecs.call('PutMetricAlarm', {
    AlarmName: name,
    Namespace: 'shop',
    MetricName: 'errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    ...input,
  });
}
const setAlarm = (name: string, state: string) =>
  ecs.call('SetAlarmState', { AlarmName: name, StateValue: state, StateReason: 'for a test' });

async function createGood(alarmNames: string[]): Promise<void> {
  await ecs.create({ taskDefinition: await ecs.register(), deploymentConfiguration: watched(...alarmNames) });
  ecs.clock.advanceBy(600);
}

// All of these:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
describe('an alarm that is raised during a deployment', () => {
  it('fails the deployment and rolls it back, with a FAILED notification and then one of the rollback', async () => {
    putAlarm('web-5xx');
    setAlarm('web-5xx', 'OK');
    await createGood(['web-5xx']);
    await ecs.update({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(30);
    setAlarm('web-5xx', 'ALARM');
    ecs.clock.advanceBy(300);
    const names = ecs.deploymentHistory().map((line) => line.split(' ')[0]);
    expect(names).toEqual(['IN_PROGRESS', 'COMPLETED', 'IN_PROGRESS', 'FAILED', 'IN_PROGRESS', 'COMPLETED']);
    const { taskDefinition, events = [] } = await ecs.describe();
    expect(taskDefinition).toMatch(/web:1$/);
    expect(events.some(({ message }) => /deployment failed: alarm detected\.$/.test(message ?? ''))).toBe(
      true,
    );
    expect((await ecs.serviceDeployments())[0]).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      alarms: { status: 'TRIGGERED', alarmNames: ['web-5xx'], triggeredAlarmNames: ['web-5xx'] },
    });
  });

  it('is found in the bake time too, in which rolloutState is still IN_PROGRESS', async () => {
    putAlarm('web-5xx');
    await createGood(['web-5xx']);
    await ecs.update({ taskDefinition: await ecs.register() });
    while ((await ecs.describe()).deployments?.[1]?.runningCount !== 0) ecs.clock.advanceBy(1);
    ecs.clock.advanceBy(60);
    expect((await ecs.describe()).deployments).toMatchObject([
      { rolloutState: 'IN_PROGRESS', runningCount: 3 },
      { status: 'ACTIVE', runningCount: 0 },
    ]);
    setAlarm('web-5xx', 'ALARM');
    ecs.clock.advanceBy(300);
    expect((await ecs.describe()).taskDefinition).toMatch(/web:1$/);
  });

  it('does nothing once the deployment has completed', async () => {
    putAlarm('web-5xx');
    await createGood(['web-5xx']);
    setAlarm('web-5xx', 'ALARM');
    ecs.clock.advanceBy(600);
    expect(ecs.deploymentHistory()).toHaveLength(2);
    expect((await ecs.serviceDeployments())[0]?.alarms?.status).toBe('MONITORING_COMPLETE');
  });

  it('may be missed where it is over before ECS asks again', async () => {
    putAlarm('web-5xx');
    await createGood(['web-5xx']);
    await ecs.update({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(30);
    setAlarm('web-5xx', 'ALARM');
    ecs.clock.advanceBy(0.5);
    setAlarm('web-5xx', 'OK');
    ecs.clock.advanceBy(600);
    expect((await ecs.describe()).taskDefinition).toMatch(/web:2$/);
  });

  it('leaves the service where it is when alarms do not roll back', async () => {
    putAlarm('web-5xx');
    await createGood(['web-5xx']);
    const alarms = { alarmNames: ['web-5xx'], enable: true, rollback: false };
    await ecs.update({ taskDefinition: await ecs.register(), deploymentConfiguration: { alarms } });
    ecs.clock.advanceBy(30);
    setAlarm('web-5xx', 'ALARM');
    ecs.clock.advanceBy(600);
    expect((await ecs.describe()).deployments?.[0]).toMatchObject({ rolloutState: 'FAILED' });
    expect((await ecs.serviceDeployments())[0]?.status).toBe('STOPPED');
  });
});

describe('an alarm that is in ALARM when a deployment starts', () => {
  it('makes ECS ignore all alarms for the whole deployment', async () => {
    putAlarm('web-5xx');
    putAlarm('web-slow');
    await createGood(['web-5xx', 'web-slow']);
    setAlarm('web-5xx', 'ALARM');
    await ecs.update({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(30);
    expect((await ecs.serviceDeployments())[0]?.alarms?.status).toBe('DISABLED');
    setAlarm('web-5xx', 'OK');
    setAlarm('web-slow', 'ALARM');
    ecs.clock.advanceBy(10);
    setAlarm('web-5xx', 'ALARM');
    ecs.clock.advanceBy(600);
    expect((await ecs.describe()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
    expect((await ecs.describe()).taskDefinition).toMatch(/web:2$/);
  });
});

describe('the bake time of a rolling deployment', () => {
  const secondsToCompletion = async (deploymentConfiguration: object) => {
    await ecs.create({ taskDefinition: await ecs.register(), deploymentConfiguration });
    ecs.clock.advanceBy(3600);
    const [{ createdAt, finishedAt } = {}] = await ecs.serviceDeployments();
    return ((finishedAt?.getTime() ?? 0) - (createdAt?.getTime() ?? 0)) / 1000;
  };

  it('is worked out from the alarms where none is given, and is less than five minutes', async () => {
    putAlarm('slow', { Period: 300, EvaluationPeriods: 3 });
    const seconds = await secondsToCompletion(watched('slow'));
    expect(seconds).toBeGreaterThan(299 + 60);
    expect(seconds).toBeLessThan(299 + 100);
  });

  it('is what bakeTimeInMinutes says', async () => {
    putAlarm('quick');
    const seconds = await secondsToCompletion({ ...watched('quick'), bakeTimeInMinutes: 7 });
    expect(seconds).toBeGreaterThan(420 + 60);
    expect(seconds).toBeLessThan(420 + 100);
  });
});

describe('a leak', () => {
  it("raises an alarm on the memory of its service, minutes after the deployment's start", async () => {
    putAlarm('web-memory', {
      Namespace: 'AWS/ECS',
      MetricName: 'MemoryUtilization',
      Statistic: 'Average',
      Dimensions: [
        { Name: 'ClusterName', Value: 'prod' },
        { Name: 'ServiceName', Value: 'web' },
      ],
      Threshold: 90,
    });
    await createGood([]);
    const leak = { 'rewind.behaviour': 'leak', 'rewind.leak-after': '10' };
    await ecs.update({ taskDefinition: await ecs.register(leak) });
    const started = ecs.clock.now();
    ecs.clock.advanceBy(1800);
    const changes = ecs.notifications.filter((one) => one['detail-type'] === 'CloudWatch Alarm State Change');
    expect(changes.map(({ detail }) => (detail.state as { value: string }).value)).toEqual(['OK', 'ALARM']);
    const raised = changes[1];
    expect(raised).toMatchObject({
      source: 'aws.cloudwatch',
      resources: ['arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-memory'],
      detail: { alarmName: 'web-memory', previousState: { value: 'OK' } },
    });
    const { timestamp } = (raised?.detail.state ?? {}) as { timestamp: string };
    expect(timestamp).toMatch(/^2026-01-01T00:\d\d:\d\d\.\d{3}\+0000$/);
    const minutes = (Date.parse(timestamp) - started) / 60_000;
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThan(14);
  });
});
