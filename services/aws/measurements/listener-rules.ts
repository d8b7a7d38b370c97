import {
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { isDenied } from '../ecs/ecs';

/**
 * For how long a rule keeps a user with the target group that answered first; null where it does
 * not, where the rule is gone, and where Rewind may not see it (an account whose stack is older).
 */
export async function stickySecondsOf(
  client: ElasticLoadBalancingV2Client,
  rule: string,
): Promise<number | null> {
  try {
    const { Rules: [found] = [] } = await client.send(new DescribeRulesCommand({ RuleArns: [rule] }));
    const sticky = found?.Actions?.flatMap(
      ({ ForwardConfig }) => ForwardConfig?.TargetGroupStickinessConfig ?? [],
    );
    return sticky?.find(({ Enabled }) => Enabled === true)?.DurationSeconds ?? null;
  } catch (error) {
    const isGone = error instanceof Error && error.name === 'RuleNotFoundException';
    if (isGone || isDenied(error)) return null;
    throw error;
  }
}
