import type { Instant } from '../../../state-machines/log/instant';
import type { World } from './world';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html */
export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly createdAt: Instant;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  /** Of those whose listeners forward to it. */
  readonly loadBalancers: Set<LoadBalancer>;
}

/** The load balancers and target groups of an account, by ARN; services may name others, of which nothing is known. */
export interface LoadBalancing {
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly targetGroups: Map<string, TargetGroup>;
}

/** `arn:aws:elasticloadbalancing:region:account:<resource>`. */
export function balancingArn(world: World, resource: string): string {
  return `arn:aws:elasticloadbalancing:${world.region}:${world.accountId}:${resource}`;
}

/** How metrics name a load balancer or a target group: what its ARN ends in, `app/web/0123456789abcdef` or `targetgroup/…`. */
export function metricNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1).replace(/^loadbalancer\//, '');
}
