import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup as SdkTargetGroup,
  TargetGroupNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupDimensions } from '../../state-machines/protection/preset-alarms';

/** What the guard asks of Elastic Load Balancing. */
export interface TargetGroups {
  /** The target groups by ARN; one that does not exist is left out. Throws what the SDK throws. */
  describe(arns: readonly string[]): Promise<ReadonlyMap<string, TargetGroupDimensions>>;
}

/**
 * The page gives no limit of ARNs;
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html gives
 * this one.
 */
const targetGroupsACall = 20;

export function awsTargetGroups(client: ElasticLoadBalancingV2Client): TargetGroups {
  return {
    async describe(arns) {
      const distinct = [...new Set(arns)];
      const described = new Map<string, TargetGroupDimensions>();
      for (let start = 0; start < distinct.length; start += targetGroupsACall) {
        for (const group of await describeInOneCall(
          client,
          distinct.slice(start, start + targetGroupsACall),
        )) {
          described.set(group.TargetGroupArn ?? '', inWordsOfCloudWatch(group));
        }
      }
      return described;
    },
  };
}

async function describeInOneCall(
  client: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<SdkTargetGroup[]> {
  try {
    const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns] });
    const { TargetGroups: groups = [] } = await client.send(command);
    return groups;
  } catch (error) {
    if (!(error instanceof TargetGroupNotFoundException)) throw error;
    if (arns.length === 1) return [];
    // One that is gone makes the call fail for all that it names.
    const each = await Promise.all(arns.map((arn) => describeInOneCall(client, [arn])));
    return each.flat();
  }
}

/**
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html#load-balancer-metric-dimensions-alb
 */
function inWordsOfCloudWatch({
  TargetGroupArn = '',
  LoadBalancerArns = [],
}: SdkTargetGroup): TargetGroupDimensions {
  const [loadBalancer] = LoadBalancerArns;
  return {
    targetGroup: TargetGroupArn.slice(TargetGroupArn.lastIndexOf(':') + 1),
    loadBalancer: loadBalancer === undefined ? null : (loadBalancer.split(':loadbalancer/')[1] ?? null),
  };
}
