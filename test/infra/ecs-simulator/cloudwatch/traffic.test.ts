import { DescribeServiceRevisionsCommand, StopServiceDeploymentCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import { metricNameOf } from '../../../../infra/ecs-simulator/src/model/load-balancing';
import { CanaryAccount } from '../../../services/cli/analyse/canary-account';

let account: CanaryAccount;
afterEach(() => account.ecs.stop());

const canary = {
  strategy: 'CANARY',
  canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 30 },
} as const;

/** A statistic of each target group in the minutes before now, newest last. */
function minutes(MetricName: string, Stat = 'Sum', count = 1): number[][] {
  const { LoadBalancers } = account.ecs.call('DescribeLoadBalancers', {}) as never as {
    LoadBalancers: [{ LoadBalancerArn: string }];
  };
  const now = account.ecs.clock.now() / 1000;
  return account.targetGroups.map((arn) => {
    const Dimensions = [
      { Name: 'LoadBalancer', Value: metricNameOf(LoadBalancers[0].LoadBalancerArn) },
      { Name: 'TargetGroup', Value: metricNameOf(arn) },
    ];
    const Metric = { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions };
    const { MetricDataResults } = account.ecs.call('GetMetricData', {
      MetricDataQueries: [{ Id: 'one', MetricStat: { Metric, Period: 60, Stat } }],
      StartTime: now - 60 * count,
      EndTime: now,
      ScanBy: 'TimestampAscending',
    }) as never as { MetricDataResults: [{ Values: number[] }] };
    return MetricDataResults[0].Values;
  });
}

/** What the newest service revisions use, as ECS tells it, newest first. */
async function resolved(): Promise<(string | undefined)[]> {
  const arns = (await account.ecs.serviceDeployments()).map((one) => one.targetServiceRevision?.arn ?? '');
  const { serviceRevisions = [] } = await account.ecs.client.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }),
  );
  return arns.map(
    (arn) =>
      serviceRevisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn)?.resolvedConfiguration
        ?.loadBalancers?.[0]?.targetGroupArn,
  );
}

describe('traffic', () => {
  it('is split between the target groups by the weights of a shift', async () => {
    account = await CanaryAccount.start(canary);
    await account.rollOut({}, 1500);
    const [blue = [], green = []] = minutes('RequestCount', 'Sum', 10).map((counts) => counts.slice(0, 5));
    const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
    expect(total(blue) / 5).toBeCloseTo(4800, -3);
    expect(total(green) / (total(blue) + total(green))).toBeCloseTo(0.2, 1);
  });

  it('R35 goes to the other target group with every deployment, and back with a rollback', async () => {
    account = await CanaryAccount.start(canary);
    const [blue, green] = account.targetGroups;
    await account.rollOut({});
    expect(await resolved()).toEqual([green, undefined]);
    await account.rollOut({}, 900);
    expect((await resolved()).slice(0, 2)).toEqual([blue, green]);
    const [current] = await account.ecs.serviceDeployments();
    await account.ecs.client.send(
      new StopServiceDeploymentCommand({
        serviceDeploymentArn: current?.serviceDeploymentArn,
        stopType: 'ROLLBACK',
      }),
    );
    account.ecs.clock.advanceBy(1800);
    expect((await resolved()).slice(0, 2)).toEqual([undefined, green]);
    const [ofBlue = [], ofGreen = []] = minutes('RequestCount', 'Sum', 5);
    expect(ofBlue).toEqual([]);
    expect(ofGreen.length).toBeGreaterThan(0);
    await account.rollOut({});
    expect((await resolved())[0]).toBe(blue);
  });

  // https://github.com/Netflix/atlas/pull/1300
  it('R16 shows a minute before it is whole, and its errors later than its requests', async () => {
    account = await CanaryAccount.start(canary, { requestsPerSecond: 100, errorPercent: 10 });
    account.ecs.clock.advanceTo(((Math.floor(account.ecs.clock.now() / 60_000) + 1) * 60_000) as never);
    const [[early = 0] = []] = minutes('RequestCount');
    expect(minutes('HTTPCode_Target_5XX_Count')[0]).toEqual([]);
    account.ecs.clock.advanceBy(120);
    const [[whole = 0] = []] = minutes('RequestCount', 'Sum', 3);
    const [[errors = 0] = []] = minutes('HTTPCode_Target_5XX_Count', 'Sum', 3);
    expect(whole).toBeGreaterThan(1.9 * early);
    expect(errors / whole).toBeCloseTo(0.1, 1);
  });

  it('counts how many answers took longer than a bound', async () => {
    account = await CanaryAccount.start(canary);
    const at = (statistic: string) => minutes('TargetResponseTime', statistic, 5)[0]?.[0] ?? 0;
    const all = at('SampleCount');
    expect(at('TC(0:)')).toBe(all);
    expect(at(`TC(${at('p90')}:)`) / all).toBeCloseTo(0.1, 1);
  });

  it('is the same for the same seed', async () => {
    account = await CanaryAccount.start(canary);
    const counts = minutes('RequestCount', 'Sum', 30);
    await account.ecs.stop();
    account = await CanaryAccount.start(canary);
    expect(minutes('RequestCount', 'Sum', 30)).toEqual(counts);
  });
});
