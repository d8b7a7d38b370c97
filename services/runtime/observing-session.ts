/**
 * What a session in another account may do at most where Rewind only observes, whatever its role
 * there allows: a session has the rights that its role and this policy have in common. A test holds
 * it to what infra/member-account.yml lets be read.
 */
export const observingSession = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetMetricData',
        'ecs:Describe*',
        'ecs:List*',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetGroups',
      ],
      Resource: '*',
    },
  ],
});
