import { z } from 'zod';
import { read, write } from '../api/operation';
import { cutPage } from '../api/paging';
import { balancingArn } from '../foundation/arn';
import { EcsError, type EcsErrorName } from '../foundation/ecs-error';
import type { AccountTargetGroup, LoadBalancer } from '../model/load-balancing';
import { epochSeconds, type World } from '../model/world';

const name = z.string().regex(/^[\dA-Za-z-]{1,32}$/);
const pagingFields = {
  PageSize: z.coerce.number().int().min(1).max(400).optional(),
  Marker: z.string().optional(),
};
const forwardSchema = z.looseObject({ Type: z.literal('forward'), TargetGroupArn: z.string() });

/**
 * As much of Elastic Load Balancing, version 2, as tells which load balancer is in front of a
 * service.
 */
export const loadBalancerOperations = {
  CreateLoadBalancer: write(
    z.looseObject({ Name: name, Type: z.enum(['application', 'network']).default('application') }),
    ({ world, input }) => {
      const { Name, Type: type } = input;
      const kind = type === 'application' ? 'app' : 'net';
      const arn = balancingArn(world, `loadbalancer/${kind}/${Name}/${world.random.hex(16)}`);
      const loadBalancer = { arn, name: Name, type, createdAt: world.clock.now() };
      world.loadBalancing.loadBalancers.set(arn, loadBalancer);
      return { output: { LoadBalancers: [loadBalancerView(loadBalancer)] }, resource: arn };
    },
  ),

  CreateTargetGroup: write(
    z.looseObject({
      Name: name,
      Protocol: z.string().default('HTTP'),
      Port: z.coerce.number().int().default(80),
    }),
    ({ world, input }) => {
      const arn = balancingArn(world, `targetgroup/${input.Name}/${world.random.hex(16)}`);
      const { Name, Protocol: protocol, Port: port } = input;
      const targetGroup = { arn, name: Name, protocol, port, loadBalancers: new Set<LoadBalancer>() };
      world.loadBalancing.targetGroups.set(arn, targetGroup);
      return { output: { TargetGroups: [targetGroupView(targetGroup)] }, resource: arn };
    },
  ),

  CreateListener: write(
    z.looseObject({ LoadBalancerArn: z.string(), DefaultActions: z.array(forwardSchema).min(1) }),
    ({ world, input }) => {
      const loadBalancer = requireLoadBalancer(world, input.LoadBalancerArn);
      const groups = input.DefaultActions.map(({ TargetGroupArn }) =>
        requireTargetGroup(world, TargetGroupArn),
      );
      for (const group of groups) group.loadBalancers.add(loadBalancer);
      const arn = `${loadBalancer.arn.replace(':loadbalancer/', ':listener/')}/${world.random.hex(16)}`;
      const { LoadBalancerArn, DefaultActions } = input;
      return {
        output: { Listeners: [{ ListenerArn: arn, LoadBalancerArn, DefaultActions }] },
        resource: arn,
      };
    },
  ),

  DescribeLoadBalancers: read(
    z.looseObject({
      LoadBalancerArns: z.array(z.string()).max(20).default([]),
      Names: z.array(z.string()).default([]),
      ...pagingFields,
    }),
    ({ world, input }) => {
      const found = input.LoadBalancerArns.map((arn) => requireLoadBalancer(world, arn));
      const all = [...world.loadBalancing.loadBalancers.values()];
      const named = all.filter((one) => input.Names.includes(one.name));
      const asks = input.LoadBalancerArns.length + input.Names.length > 0;
      const { items, NextMarker } = page(asks ? [...found, ...named] : all, input);
      return { LoadBalancers: items.map(loadBalancerView), NextMarker };
    },
  ),

  DescribeTargetGroups: read(
    z.looseObject({
      LoadBalancerArn: z.string().optional(),
      TargetGroupArns: z.array(z.string()).default([]),
      Names: z.array(z.string()).default([]),
      ...pagingFields,
    }),
    ({ world, input }) => {
      const found = input.TargetGroupArns.map((arn) => requireTargetGroup(world, arn));
      const all = [...world.loadBalancing.targetGroups.values()];
      const named = all.filter((one) => input.Names.includes(one.name));
      const asks = input.TargetGroupArns.length + input.Names.length > 0;
      const asked = asks ? [...found, ...named] : all;
      const behind = asked.filter((group) => isBehind(world, group, input.LoadBalancerArn));
      const { items, NextMarker } = page(behind, input);
      return { TargetGroups: items.map(targetGroupView), NextMarker };
    },
  ),
};

function page<Item>(
  items: readonly Item[],
  { PageSize: maxResults, Marker: nextToken }: { PageSize?: number | undefined; Marker?: string | undefined },
): { items: readonly Item[]; NextMarker: string | undefined } {
  const { items: cut, nextToken: NextMarker } = cutPage(items, { maxResults, nextToken }, 400);
  return { items: cut, NextMarker };
}

function requireLoadBalancer(world: World, arn: string): LoadBalancer {
  return found(world.loadBalancing.loadBalancers.get(arn), 'LoadBalancerNotFoundException', 'load balancers');
}

function requireTargetGroup(world: World, arn: string): AccountTargetGroup {
  return found(world.loadBalancing.targetGroups.get(arn), 'TargetGroupNotFoundException', 'target groups');
}

function found<Item>(item: Item | undefined, error: EcsErrorName, what: string): Item {
  if (item === undefined) throw new EcsError(error, `One or more ${what} not found`);
  return item;
}

function isBehind(world: World, { loadBalancers }: AccountTargetGroup, arn: string | undefined): boolean {
  return arn === undefined || loadBalancers.has(requireLoadBalancer(world, arn));
}

function loadBalancerView({ arn, name: LoadBalancerName, type, createdAt }: LoadBalancer) {
  return {
    LoadBalancerArn: arn,
    DNSName: `${LoadBalancerName}.elb.amazonaws.com`,
    CreatedTime: epochSeconds(createdAt),
    LoadBalancerName,
    Scheme: 'internet-facing',
    VpcId: 'vpc-00000000000000000',
    State: { Code: 'active' },
    Type: type,
    IpAddressType: 'ipv4',
  };
}

/** With the health check's defaults. */
function targetGroupView({ arn, name: TargetGroupName, protocol, port, loadBalancers }: AccountTargetGroup) {
  return {
    TargetGroupArn: arn,
    TargetGroupName,
    Protocol: protocol,
    Port: port,
    VpcId: 'vpc-00000000000000000',
    HealthCheckProtocol: protocol,
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    LoadBalancerArns: [...loadBalancers].map((one) => one.arn),
    TargetType: 'ip',
    IpAddressType: 'ipv4',
  };
}
