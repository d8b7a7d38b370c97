import { describe, expect, it } from 'vitest';
import type { PackagedStacks } from './packaged-stack';
import { actionsOf, rolesOf, statementsOf } from './template-permissions';

/** What holds of the roles that are deployed. */
export function describeRoles(stacks: PackagedStacks, functionNames: readonly string[]): void {
  const templates = () => [stacks.plain.template, stacks.full.template];

  describe('the roles', () => {
    it('are one for each function, for Lambda in this account alone', () => {
      for (const template of templates()) {
        const roles = rolesOf(template);
        expect([...roles.keys()].sort()).toEqual(functionNames);
        expect(new Set(roles.values()).size).toBe(functionNames.length);
        for (const role of roles.values()) {
          const { Statement } = template.Resources[role]?.Properties.AssumeRolePolicyDocument ?? {};
          expect(Statement).toEqual([
            {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            },
          ]);
        }
      }
    });

    it('allow named actions, and all resources only where the service takes none', () => {
      const takeNoResource = [
        // Takes one, and then tells of no composite alarm.
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetMetricData',
        'ecs:DescribeTaskDefinition',
        'ecs:ListClusters',
        'ecs:ListServices',
        'ecs:ListTasks',
        'ecs:ContinueServiceDeployment',
        'ecs:RegisterTaskDefinition',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetGroups',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ];
      for (const template of templates()) {
        const statements = [...rolesOf(template).values()].flatMap((role) => statementsOf(template, role));
        expect(statements.length).toBeGreaterThan(20);
        const actions = statements.flatMap(({ Action }) => Action);
        expect(actions.filter((action) => !/^[a-z]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([]);
        const onEverything = statements.filter(({ Resource }) => [Resource].flat().includes('*'));
        const unneeded = onEverything
          .flatMap(({ Action }) => Action)
          .filter((a) => !takeNoResource.includes(a));
        expect(unneeded).toEqual([]);
      }
    });

    it('let whoever asks for alarms see composite ones', () => {
      const { template } = stacks.plain;
      const statements = [...rolesOf(template).values()].flatMap((role) => statementsOf(template, role));
      const looking = statements.filter(({ Action }) =>
        [Action].flat().includes('cloudwatch:DescribeAlarms'),
      );
      expect(looking.map(({ Resource }) => Resource)).toEqual(['*', '*', '*', '*']);
    });

    it('hold no right to write to ECS in observe mode', () => {
      const actions = functionNames.flatMap((name) => actionsOf(stacks.plain.template, name));
      expect(
        actions.filter((action) => /^(ecs|iam):/.test(action) && !/:(Describe|List)/.test(action)),
      ).toEqual([]);
    });

    it('let the reconciler and its sweep take services back in enforce mode, the guard change them, and nobody else', () => {
      const writes = [
        'ecs:RegisterTaskDefinition',
        'ecs:StopServiceDeployment',
        'ecs:TagResource',
        'ecs:UpdateService',
        'iam:PassRole',
      ];
      const writesOf = (name: string) =>
        actionsOf(stacks.full.template, name).filter((action) => writes.includes(action));
      expect(functionNames.map((name) => [name, writesOf(name)])).toEqual([
        ['announcer', []],
        ['discovery', []],
        ['guard', ['ecs:UpdateService', 'iam:PassRole']],
        ['hook', []],
        ['ingest', []],
        ['reconciler', writes],
        ['recovery', []],
        ['sweep', writes],
      ]);
    });

    it('reach the clusters of the deployment, and pass on roles to ECS alone', () => {
      const statements = statementsOf(stacks.full.template, 'SweepRole');
      const update = statements.find(({ Action }) => Action === 'ecs:UpdateService');
      const arn = (resource: string) => ({
        'Fn::Sub': `arn:\${AWS::Partition}:ecs:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
      });
      expect(update).toEqual({
        Effect: 'Allow',
        Action: 'ecs:UpdateService',
        Resource: [arn('service/prod/*'), arn('service/staging-*/*')],
        Condition: { ArnLike: { 'ecs:cluster': [arn('cluster/prod'), arn('cluster/staging-*')] } },
      });
      expect(statements.find(({ Action }) => Action === 'iam:PassRole')).toMatchObject({
        Resource: [{ 'Fn::Sub': expect.stringMatching(/:role\/ecs-\*$/) }],
        Condition: {
          StringEquals: { 'iam:PassedToService': ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
        },
      });
    });
  });
}
