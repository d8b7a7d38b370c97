import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { deployedRules } from '../../infra/local/aws/bus/bus';
import { readCloudFormation } from '../../infra/local/aws/declared/cloudformation';
import { temporaryFiles } from '../services/cli/rewind';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}
interface MemberResource {
  readonly Type: string;
  readonly Condition?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as many shapes as there are types
  readonly Properties: any;
}
interface MemberAccount {
  readonly Resources: { readonly [name: string]: MemberResource };
}

const { Resources } = readCloudFormation<MemberAccount>('infra/member-account.yml');
const statements = (name: string): Statement[] => {
  const { Policies, PolicyDocument } = Resources[name]?.Properties ?? {};
  return [...(Policies ?? []), { PolicyDocument }].flatMap(
    (policy) => policy.PolicyDocument?.Statement ?? [],
  );
};
const actions = (name: string) => statements(name).flatMap(({ Action }) => Action);

describe('what a member account deploys', () => {
  it('forwards what Rewind listens to at home, and nothing else', () => {
    const forwarded = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Events::Rule');
    const patterns = Object.fromEntries(
      forwarded.map(([name, { Properties }]) => [name, Properties.EventPattern]),
    );
    const own = deployedRules().filter(({ name }) => name !== 'ProbeRule');
    expect(patterns).toEqual(Object.fromEntries(own.map(({ name, pattern }) => [name, pattern])));
    for (const [, { Properties }] of forwarded) expect(Properties.Targets).toHaveLength(1);
  });

  it('lets Rewind write nothing but in enforce mode, and take services back then (I8)', () => {
    expect(actions('MemberRole').filter((action) => !/:(Describe|List|GetMetricData)/.test(action))).toEqual(
      [],
    );
    expect(Resources.TakingBack?.Condition).toBe('Enforces');
    expect(actions('TakingBack')).toEqual([
      'ecs:ContinueServiceDeployment',
      'ecs:StopServiceDeployment',
      'ecs:UpdateService',
      'ecs:RegisterTaskDefinition',
      'ecs:TagResource',
      'iam:PassRole',
    ]);
  });

  it('lets Rewind run tests only where somebody says so, and in enforce mode', () => {
    expect(Resources.Testing?.Condition).toBe('Tests');
    expect(actions('Testing')).toEqual([
      'lambda:InvokeFunction',
      'ecs:RunTask',
      'ecs:StopTask',
      'logs:GetLogEvents',
    ]);
  });

  it('lets Rewind ask logs and functions for counts only where somebody says so', () => {
    expect(Resources.Measuring?.Condition).toBe('Measures');
    expect(actions('Measuring')).toEqual([
      'logs:StartQuery',
      'logs:GetQueryResults',
      'lambda:InvokeFunction',
    ]);
  });

  it('lets the guard see target groups, and keep alarms of its own making in enforce mode', () => {
    expect(actions('GuardLooking')).toEqual(['elasticloadbalancing:DescribeTargetGroups']);
    expect(Resources.Guarding?.Condition).toBe('Enforces');
    expect(statements('Guarding')).toEqual([
      {
        Effect: 'Allow',
        Action: ['cloudwatch:DeleteAlarms', 'cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
        Resource: { 'Fn::Sub': expect.stringMatching(/:alarm:rewind\/\*$/) },
      },
    ]);
  });

  it('lets EventBridge forward for rules of this account alone', () => {
    const [trust] = Resources.ForwardRole?.Properties.AssumeRolePolicyDocument.Statement ?? [];
    expect(trust.Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
  });

  it('allows all resources only where ECS takes none', () => {
    const onEverything = statements('MemberRole').filter(({ Resource }) => Resource === '*');
    expect(onEverything.flatMap(({ Action }) => Action)).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'ecs:DescribeTaskDefinition',
      'ecs:ListClusters',
      'ecs:ListServices',
      'ecs:ListTasks',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTargetGroups',
    ]);
  });
});

describe('what is deployed at home for the accounts of the policy file', () => {
  const parameters = createRequire(import.meta.url)('../../infra/parameters.cjs');
  const files = temporaryFiles();
  const deployedWith = (policy: string) => {
    const { params } = readCloudFormation<{ params: { default: object } }>('serverless.yml');
    const given = { ...params.default, policy: files.write('policy.yml', policy), 'sls:stage': 'dev' };
    const values = new Map<string, unknown>(Object.entries(given));
    return parameters({ resolveVariable: async (name: string) => values.get(name.replace('param:', '')) });
  };

  it('is nothing where there are none', async () => {
    const { reaching, forwarding } = await deployedWith('defaults: { mode: observe }');
    expect([reaching, forwarding]).toEqual([{}, { Resources: {} }]);
  });

  it('is the right to take on their roles, and their right to put on the bus', async () => {
    const role = 'arn:aws:iam::444455556666:role/rewind-member';
    const { memberRoles, reaching, forwarding } = await deployedWith(
      `accounts: { "444455556666": { role: ${role}, regions: [eu-west-1] }, "111122223333": { regions: [eu-west-1] } }`,
    );
    expect(memberRoles).toEqual([role]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as osls reads it
    expect(reaching).toBe('${file(infra/roles/reaching.yml)}');
    const { Statement } = forwarding.Resources.MemberAccounts.Properties;
    expect(
      Statement.Principal.AWS.map((arn: { 'Fn::Sub': string }) => /\d{12}/.exec(arn['Fn::Sub'])?.[0]).sort(),
    ).toEqual(['111122223333', '444455556666']);
  });

  it('lets them put there what AWS tells and what operators claim, and nothing in the name of Rewind', async () => {
    const { forwarding } = await deployedWith('accounts: { "444455556666": { regions: [eu-west-1] } }');
    const { Statement } = forwarding.Resources.MemberAccounts.Properties;
    expect(Statement).toMatchObject({ Effect: 'Allow', Action: 'events:PutEvents' });
    const sources = Statement.Condition.StringEquals['events:source'];
    expect(sources).toEqual(['aws.ecs', 'aws.cloudwatch', 'rewind.operator']);
    const listened = deployedRules().flatMap(({ name, pattern }) =>
      name === 'ProbeRule' ? [] : (pattern as { source: string[] }).source,
    );
    expect(new Set(listened)).toEqual(new Set(sources));
  });
});
