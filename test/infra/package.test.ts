import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PackagedStack, packageStack } from './packaged-stack';
import { actionsOf, rolesOf, statementsOf } from './template-permissions';
import { circularDependencies, danglingReferences } from './template-references';

/** As it is deployed if nothing is said, and with everything turned on that a parameter turns on. */
let plain: PackagedStack;
let full: PackagedStack;

beforeAll(async () => {
  plain = await packageStack();
  full = await packageStack({ mode: 'enforce', clusters: 'prod, staging-*', passableRoles: 'ecs-*' });
}, 60_000);
afterAll(async () => {
  await plain?.remove();
  await full?.remove();
});

const stacks = () => [plain.template, full.template];
const functionNames = ['announcer', 'discovery', 'guard', 'ingest', 'reconciler', 'sweep'];

describe('the packaged stack', () => {
  it('has a zip for every function', async () => {
    for (const name of functionNames) {
      const { size } = await stat(path.join(plain.folder, `${name}.zip`));
      expect(size).toBeGreaterThan(100_000);
    }
  });

  it('names nothing that is not in it, and nothing in it waits for itself', () => {
    for (const template of stacks()) {
      expect(danglingReferences(template)).toEqual([]);
      expect(circularDependencies(template)).toEqual([]);
    }
  });

  it('is refused when a parameter has a value that means nothing', async () => {
    await expect(packageStack({ mode: 'maybe' })).rejects.toMatchObject({
      stdout: expect.stringContaining('the parameter mode is observe or enforce, not "maybe"'),
    });
  });
});

describe('the roles', () => {
  it('are one for each function, for Lambda alone', () => {
    for (const template of stacks()) {
      const roles = rolesOf(template);
      expect([...roles.keys()].sort()).toEqual(functionNames);
      expect(new Set(roles.values()).size).toBe(functionNames.length);
      for (const role of roles.values()) {
        const { Statement } = template.Resources[role]?.Properties.AssumeRolePolicyDocument ?? {};
        expect(Statement).toEqual([
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ]);
      }
    }
  });

  it('allow named actions, and all resources only where the service takes none', () => {
    const takeNoResource = [
      'ecs:DescribeTaskDefinition',
      'ecs:ListClusters',
      'ecs:ListServices',
      'ecs:ListTasks',
      'elasticloadbalancing:DescribeTargetGroups',
    ];
    for (const template of stacks()) {
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

  it('hold no right to write to ECS in observe mode', () => {
    const actions = functionNames.flatMap((name) => actionsOf(plain.template, name));
    expect(
      actions.filter((action) => /^(ecs|iam):/.test(action) && !/:(Describe|List)/.test(action)),
    ).toEqual([]);
  });

  it('let the reconciler and its sweep take services back in enforce mode, the guard change them, and nobody else', () => {
    const writes = ['ecs:StopServiceDeployment', 'ecs:UpdateService', 'iam:PassRole'];
    const writesOf = (name: string) =>
      actionsOf(full.template, name).filter((action) => writes.includes(action));
    expect(functionNames.map((name) => [name, writesOf(name)])).toEqual([
      ['announcer', []],
      ['discovery', []],
      ['guard', ['ecs:UpdateService', 'iam:PassRole']],
      ['ingest', []],
      ['reconciler', writes],
      ['sweep', writes],
    ]);
  });

  it('reach the clusters of the deployment, and pass on roles to ECS alone', () => {
    const statements = statementsOf(full.template, 'SweepRole');
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
