import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metricNameOf } from '../../../../infra/ecs-simulator/src/model/load-balancing';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
let targetGroupArn: string;
let dimensions: { Name: string; Value: string }[];
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
  const { LoadBalancers } = ecs.call('CreateLoadBalancer', { Name: 'shop' }) as never as {
    LoadBalancers: [{ LoadBalancerArn: string }];
  };
  const { TargetGroups } = ecs.call('CreateTargetGroup', { Name: 'web' }) as never as {
    TargetGroups: [{ TargetGroupArn: string }];
  };
  targetGroupArn = TargetGroups[0].TargetGroupArn;
  const { LoadBalancerArn } = LoadBalancers[0];
  ecs.call('CreateListener', {
    LoadBalancerArn,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  });
  dimensions = [
    { Name: 'LoadBalancer', Value: metricNameOf(LoadBalancerArn) },
    { Name: 'TargetGroup', Value: metricNameOf(targetGroupArn) },
  ];
});
afterEach(() => ecs.stop());

/** The presets' alarms, each raised when its metric is above the threshold for two minutes. */
const presets = {
  'alb-5xx': { MetricName: 'HTTPCode_ELB_5XX_Count', Statistic: 'Sum', Threshold: 10 },
  'target-5xx': { MetricName: 'HTTPCode_Target_5XX_Count', Statistic: 'Sum', Threshold: 10 },
  'latency-p99': { MetricName: 'TargetResponseTime', ExtendedStatistic: 'p99', Threshold: 1 },
  'unhealthy-hosts': { MetricName: 'UnHealthyHostCount', Statistic: 'Maximum', Threshold: 0 },
} as const;

function putPresets(): void {
  const common = {
    EvaluationPeriods: 2,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  };
  for (const [AlarmName, metric] of Object.entries(presets)) {
    const [ofLoadBalancer] = dimensions;
    const Dimensions = AlarmName === 'alb-5xx' ? [ofLoadBalancer] : dimensions;
    const source = { ...metric, Namespace: 'AWS/ApplicationELB', Dimensions, Period: 60 };
    ecs.call('PutMetricAlarm', { AlarmName, ...common, ...source });
  }
  const stat = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions: dimensions },
      Period: 60,
      Stat: 'Sum',
    },
    ReturnData: false,
  });
  const Metrics = [
    stat('errors', 'HTTPCode_Target_5XX_Count'),
    stat('requests', 'RequestCount'),
    { Id: 'rate', Expression: 'IF(requests > 0, 100 * FILL(errors, 0) / requests, 0)', ReturnData: true },
  ];
  ecs.call('PutMetricAlarm', { AlarmName: 'target-5xx-rate', ...common, Threshold: 5, Metrics });
}

function raised(): unknown[] {
  const { MetricAlarms } = ecs.call('DescribeAlarms', { StateValue: 'ALARM' }) as {
    MetricAlarms: { AlarmName: string }[];
  };
  return MetricAlarms.map(({ AlarmName }) => AlarmName);
}

/** The service behind the load balancer with its first revision, and then one of such labels. */
async function deploy(labels: Record<string, string>): Promise<void> {
  const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 80 }];
  await ecs.create({ taskDefinition: await ecs.register(), loadBalancers });
  ecs.clock.advanceBy(900);
  putPresets();
  ecs.clock.advanceBy(300);
  expect(raised()).toEqual([]);
  await ecs.update({ taskDefinition: await ecs.register(labels) });
  ecs.clock.advanceBy(900);
}

describe('the metrics of a service behind a load balancer', () => {
  it('stay quiet for a good deployment', async () => {
    await deploy({});
    expect(raised()).toEqual([]);
  });

  it('show the errors that its tasks answer, by number and by share', async () => {
    await deploy({ 'rewind.behaviour': 'erring', 'rewind.error-percent': '20' });
    expect(raised()).toEqual(['target-5xx', 'target-5xx-rate']);
  });

  it('tell many errors from a large share of them', async () => {
    await deploy({ 'rewind.behaviour': 'erring', 'rewind.error-percent': '3' });
    expect(raised()).toEqual(['target-5xx']);
  });

  it('show slow answers by a percentile', async () => {
    await deploy({ 'rewind.behaviour': 'slow', 'rewind.response-seconds': '2' });
    expect(raised()).toEqual(['latency-p99']);
  });

  it('show tasks that never become healthy as unhealthy hosts, and nowhere else: no request reaches them', async () => {
    await deploy({ 'rewind.behaviour': 'unhealthy', 'rewind.check': 'load-balancer' });
    expect(raised()).toEqual(['unhealthy-hosts']);
  });

  it('show the answers that the load balancer gives itself while no target is healthy', async () => {
    await deploy({});
    ecs.simulator.platform.setCapacity('prod', false);
    ecs.simulator.platform.interruptSpot({ cluster: 'prod', service: 'web' });
    ecs.clock.advanceBy(20);
    expect(raised()).toEqual([]);
    ecs.simulator.platform.setCapacity('prod', true);
    await ecs.update({
      taskDefinition: await ecs.register({
        'rewind.behaviour': 'unhealthy',
        'rewind.check': 'load-balancer',
      }),
    });
    ecs.clock.advanceBy(600);
    expect(raised()).toEqual(['alb-5xx', 'unhealthy-hosts']);
  });
});
