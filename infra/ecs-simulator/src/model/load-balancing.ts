import type { ClockTime } from '../foundation/clock';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html */
export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly createdAt: ClockTime;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html */
export interface AccountTargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  /** Of those whose listeners forward to it. */
  readonly loadBalancers: Set<LoadBalancer>;
}

/** What somebody has made of the rule by which ECS shifts the traffic of a service. */
export interface ListenerRule {
  /** Of the requests, by target group. */
  readonly shares: ReadonlyMap<string, number>;
  /** What ECS had set: when it sets something else, that counts again. */
  readonly instead: ReadonlyMap<string, number>;
  /** How long a user stays with a target group; null: a request. */
  readonly stickySeconds: number | null;
}

/**
 * The load balancers and target groups of an account, by ARN; services may name others, of which
 * nothing is known.
 */
export interface LoadBalancing {
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly targetGroups: Map<string, AccountTargetGroup>;
  /** Those that somebody has changed. */
  readonly rules: Map<string, ListenerRule>;
}

/**
 * How metrics name a load balancer or a target group: what its ARN ends in,
 * `app/web/0123456789abcdef` or `targetgroup/…`.
 */
export function metricNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1).replace(/^loadbalancer\//, '');
}
