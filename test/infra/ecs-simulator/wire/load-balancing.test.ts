import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBalancers } from '../hooked-service';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
let client: ElasticLoadBalancingV2Client;
beforeEach(async () => {
  ecs = await SimulatedEcs.start(1, { throttles: true });
  client = new ElasticLoadBalancingV2Client({
    endpoint: ecs.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'deployer', secretAccessKey: 'unused' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await ecs.stop();
});

async function createLoadBalancer(Name: string): Promise<string> {
  const { LoadBalancers = [] } = await client.send(new CreateLoadBalancerCommand({ Name }));
  return LoadBalancers[0]?.LoadBalancerArn ?? '';
}
async function createTargetGroup(Name: string): Promise<string> {
  const { TargetGroups = [] } = await client.send(new CreateTargetGroupCommand({ Name, Port: 8080 }));
  return TargetGroups[0]?.TargetGroupArn ?? '';
}

describe('Elastic Load Balancing, at the same endpoint', () => {
  it("leads from a service's target group to its load balancer", async () => {
    const [loadBalancer, other] = [await createLoadBalancer('shop'), await createLoadBalancer('other')];
    const [web, worker] = [await createTargetGroup('web'), await createTargetGroup('worker')];
    await client.send(
      new CreateListenerCommand({
        LoadBalancerArn: loadBalancer,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: web }],
      }),
    );
    const { TargetGroups } = await client.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [worker, web] }),
    );
    expect(TargetGroups).toMatchObject([
      { TargetGroupName: 'worker', LoadBalancerArns: [] },
      { TargetGroupName: 'web', Port: 8080, HealthCheckEnabled: true, LoadBalancerArns: [loadBalancer] },
    ]);
    const behind = new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancer });
    expect((await client.send(behind)).TargetGroups?.map((group) => group.TargetGroupArn)).toEqual([web]);
    const { LoadBalancers } = await client.send(
      new DescribeLoadBalancersCommand({ LoadBalancerArns: [other, loadBalancer] }),
    );
    expect(LoadBalancers).toMatchObject([
      { LoadBalancerName: 'other' },
      {
        LoadBalancerArn: expect.stringMatching(/:loadbalancer\/app\/shop\/[\da-f]{16}$/),
        Type: 'application',
        State: { Code: 'active' },
        CreatedTime: new Date('2026-01-01T00:00:00Z'),
      },
    ]);
  });

  it('cuts a long list into pages', async () => {
    const names = ['a', 'b', 'c'];
    for (const name of names) await createTargetGroup(name);
    const seen: (string | undefined)[] = [];
    for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client, pageSize: 2 }, {}))
      seen.push(...TargetGroups.map(({ TargetGroupName }) => TargetGroupName));
    expect(seen).toEqual(names);
  });

  it('shows the rule that ECS shifts a service by, and what somebody has made of it', async () => {
    const taskDefinition = await ecs.register();
    await ecs.create({ taskDefinition, loadBalancers });
    const [{ targetGroupArn: TargetGroupArn = '', advancedConfiguration } = expect.fail('none')] =
      loadBalancers;
    const { productionListenerRule: RuleArn, alternateTargetGroupArn } = advancedConfiguration;
    const shown = async () => {
      const { Rules = [] } = await client.send(new DescribeRulesCommand({ RuleArns: [RuleArn] }));
      return Rules[0]?.Actions?.[0]?.ForwardConfig;
    };
    expect(await shown()).toEqual({
      TargetGroups: [{ TargetGroupArn, Weight: 100 }],
      TargetGroupStickinessConfig: { Enabled: false },
    });
    const ForwardConfig = {
      TargetGroups: [
        { TargetGroupArn, Weight: 0 },
        { TargetGroupArn: alternateTargetGroupArn, Weight: 1 },
      ],
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
    };
    await client.send(new ModifyRuleCommand({ RuleArn, Actions: [{ Type: 'forward', ForwardConfig }] }));
    expect((await shown())?.TargetGroups?.map(({ Weight }) => Weight)).toEqual([0, 100]);
    expect((await shown())?.TargetGroupStickinessConfig).toEqual({ Enabled: true, DurationSeconds: 600 });
    const none = new DescribeRulesCommand({ RuleArns: [`${RuleArn}0`] });
    await expect(client.send(none)).rejects.toMatchObject({ name: 'RuleNotFoundException' });
  });

  it('names what is not there by its error', async () => {
    const none = { TargetGroupArns: ['arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/a&b/1'] };
    await expect(client.send(new DescribeTargetGroupsCommand(none))).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
      message: 'One or more target groups not found',
    });
    const LoadBalancerArns = ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/1'];
    await expect(client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns }))).rejects.toMatchObject({
      name: 'LoadBalancerNotFoundException',
    });
  });

  it('throttles after 40 reads, and admits 10 more each second', async () => {
    const read = () => client.send(new DescribeTargetGroupsCommand({}));
    for (let call = 0; call < 40; call += 1) await read();
    await expect(read()).rejects.toMatchObject({ name: 'ThrottlingException' });
    ecs.clock.advanceBy(1);
    for (let call = 0; call < 10; call += 1) await read();
    await expect(read()).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});
