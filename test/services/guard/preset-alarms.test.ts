import {
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetNames } from '../../../state-machines/protection/configuration';
import { GuardedAccount, serviceArn } from './guarded-account';

const native = (alarms: object) => `services: [{ match: "prod/web", native: ${JSON.stringify({ alarms })} }]`;
const all = native({
  presets: presetNames,
  thresholds: { 'latency-p99': 1.5 },
  enable: true,
  rollback: true,
});

let account: GuardedAccount;
beforeAll(async () => {
  account = await GuardedAccount.start();
  const { ecs } = account;
  const groups = [await account.targetGroup('blue'), await account.targetGroup('green')];
  const loadBalancers = groups.map((targetGroupArn) => ({
    targetGroupArn,
    containerName: 'app',
    containerPort: 80,
  }));
  await ecs.create({ taskDefinition: await ecs.register(), loadBalancers });
  ecs.clock.advanceBy(900);
  await account.guard(all);
});
afterAll(() => account?.stop());

const alarm = async (preset: string) => {
  const { MetricAlarms } = await account.cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [`rewind/prod/web/${preset}`] }),
  );
  return MetricAlarms?.[0];
};

describe('the alarms of the presets', () => {
  it('are made from the service’s own load balancers and names', async () => {
    expect(await account.alarmNames()).toEqual(
      [...presetNames].sort().map((preset) => `rewind/prod/web/${preset}`),
    );
    const { deploymentConfiguration } = await account.ecs.describe();
    expect([...(deploymentConfiguration?.alarms?.alarmNames ?? [])].sort()).toEqual(
      await account.alarmNames(),
    );
    expect(await alarm('memory')).toMatchObject({
      Namespace: 'AWS/ECS',
      MetricName: 'MemoryUtilization',
      Dimensions: [
        { Name: 'ClusterName', Value: 'prod' },
        { Name: 'ServiceName', Value: 'web' },
      ],
      Threshold: 90,
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
    expect((await alarm('latency-p99'))?.Threshold).toBe(1.5);
    const { Metrics = [] } = (await alarm('target-5xx-rate')) ?? {};
    expect(Metrics.find(({ ReturnData }) => ReturnData)?.Expression).toBe(
      'IF(FILL(r1, 0) + FILL(r2, 0) >= 20, 100 * (FILL(e1, 0) + FILL(e2, 0)) / (FILL(r1, 0) + FILL(r2, 0)), 0)',
    );
    const watched = Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []);
    const values = watched.map(({ Value = '' }) => Value.replace(/\/[0-9a-f]+$/, ''));
    expect(new Set(values)).toEqual(
      new Set(['targetgroup/blue', 'app/blue', 'targetgroup/green', 'app/green']),
    );
  });

  it('say by their tags whose they are', async () => {
    const { Tags } = await account.cloudWatch.send(
      new ListTagsForResourceCommand({ ResourceARN: (await alarm('cpu'))?.AlarmArn }),
    );
    expect(Tags).toEqual([
      { Key: 'rewind:service', Value: serviceArn('web') },
      { Key: 'rewind:preset', Value: 'cpu' },
    ]);
  });

  it('need no second put', async () => {
    const puts = () => account.ecs.simulator.calls.list('PutMetricAlarm').length;
    const before = puts();
    expect((await account.guard(all))[0]?.outcome).toBe('right');
    expect(puts()).toBe(before);
  });

  it('are put right when somebody changed one, and keep the actions that people added', async () => {
    const cpu = await alarm('cpu');
    await account.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: cpu?.AlarmName,
        Namespace: cpu?.Namespace,
        MetricName: cpu?.MetricName,
        Dimensions: cpu?.Dimensions,
        Statistic: cpu?.Statistic,
        Period: 60,
        EvaluationPeriods: 30,
        Threshold: 99.9,
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: ['arn:aws:sns:us-east-1:123456789012:pager'],
      }),
    );
    const [plan] = await account.plan(all);
    expect(plan?.plan.alarms.map(({ action, alarm: { name } }) => [action, name])).toEqual([
      ['update', 'rewind/prod/web/cpu'],
    ]);
    expect((await account.guard(all))[0]).toMatchObject({ outcome: 'applied', changes: 1 });
    expect(await alarm('cpu')).toMatchObject({
      Threshold: 90,
      EvaluationPeriods: 3,
      AlarmActions: ['arn:aws:sns:us-east-1:123456789012:pager'],
    });
  });

  it('go when no preset asks for them any more, and leave those of others alone', async () => {
    const { alarms } = (await account.ecs.describe()).deploymentConfiguration ?? {};
    await account.ecs.update({
      deploymentConfiguration: {
        alarms: { alarmNames: [...(alarms?.alarmNames ?? []), 'theirs'], enable: true, rollback: true },
      },
    });
    await account.guard(native({ presets: ['cpu'], enable: true, rollback: true }));
    expect(await account.alarmNames()).toEqual(['rewind/prod/web/cpu']);
    const { deploymentConfiguration } = await account.ecs.describe();
    expect(deploymentConfiguration?.alarms?.alarmNames).toEqual(['theirs', 'rewind/prod/web/cpu']);
  });

  it('warn of one that has been raised, or that has no data', async () => {
    const state = (StateValue: string) =>
      account.ecs.call('SetAlarmState', {
        AlarmName: 'rewind/prod/web/cpu',
        StateValue,
        StateReason: 'test',
      });
    const codes = async () =>
      (await account.plan(native({ presets: ['cpu'], enable: true, rollback: true })))[0]?.plan.warnings.map(
        ({ code }) => code,
      );
    state('ALARM');
    expect(await codes()).toEqual(['AlarmMissing', 'AlarmRaised']);
    state('INSUFFICIENT_DATA');
    expect(await codes()).toEqual(['AlarmMissing', 'AlarmWithoutData']);
    state('OK');
    expect(await codes()).toEqual(['AlarmMissing']);
  });
});
