import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { readCloudFormation } from '../../infra/local/aws/declared/cloudformation';
import { temporaryFiles } from '../services/cli/rewind';

const deploymentOf = createRequire(import.meta.url)('../../infra/parameters.cjs');

function deployedWith(parameters: { readonly [name: string]: string }) {
  const { params } = readCloudFormation<{ params: { default: object } }>('serverless.yml');
  const given: { readonly [name: string]: unknown } = { ...params.default, ...parameters };
  return deploymentOf({ resolveVariable: async (name: string) => given[name.replace('param:', '')] });
}

const files = temporaryFiles();

describe('the parameters of a deployment', () => {
  it('are taken as they are if nothing is said', async () => {
    expect(await deployedWith({})).toMatchObject({ mode: 'observe', archiveDays: 30 });
  });

  it('give the right to each back-end of the policy, to the functions that ask it, and no other (I8)', async () => {
    const { measuring } = await deployedWith({ policy: 'test/infra/measured-policy.yml' });
    const { Roles, PolicyDocument } = measuring.Resources.Measuring.Properties;
    expect(Roles).toEqual([{ Ref: 'ReconcilerRole' }, { Ref: 'SweepRole' }]);
    const granted = PolicyDocument.Statement.map(
      ({ Action, Resource }: { Action: string; Resource: unknown }) => {
        const resource = typeof Resource === 'string' ? Resource : Object.values(Object(Resource))[0];
        return [Action, `${resource}`.replace(/^arn:(\$\{[^}]*\}|\w+):/, '')];
      },
    );
    const own = `\${AWS::Region}:\${AWS::AccountId}`;
    expect(granted).toEqual([
      ['aps:QueryMetrics', `aps:eu-central-1:\${AWS::AccountId}:workspace/ws-1`],
      ['logs:StartQuery', `logs:${own}:log-group:/ecs/web:*`],
      ['logs:GetQueryResults', '*'],
      ['lambda:InvokeFunction', `lambda:${own}:function:check-orders`],
      ['ssm:GetParameter', 'ssm:eu-central-1:123456789012:parameter/aws/reference/secretsmanager/shop/key'],
      ['secretsmanager:GetSecretValue', 'secretsmanager:eu-central-1:123456789012:secret:shop/key-a1B2c3'],
      ['ssm:GetParameter', 'ssm:eu-central-1:123456789012:parameter/shop/token'],
    ]);
    expect((await deployedWith({})).measuring).toEqual({});
  });

  it.each([
    [{ discoveryMinutes: '1' }, 'the parameter discoveryMinutes is a whole number from 2 on, not "1"'],
    [{ guardMinutes: 'often' }, 'the parameter guardMinutes is a whole number from 2 on, not "often"'],
    [{ archiveDays: 'a month' }, 'the parameter archiveDays is a whole number from 0 on, not "a month"'],
    [{ ingestConcurrency: '1' }, 'the parameter ingestConcurrency is a whole number from 2 on, not "1"'],
    [{ ingestConcurrency: '5000' }, 'the parameter ingestConcurrency is at most 1000, not "5000"'],
    [{ vpcSubnets: 'subnet-1' }, 'vpcSubnets needs vpcSecurityGroups'],
  ])('are refused where they mean nothing: %o', async (parameters, sentence) => {
    await expect(deployedWith(parameters)).rejects.toThrow(sentence);
  });

  it('give the right to run the tests that the policy names, in enforce mode alone (I8)', async () => {
    const task = 'services: [{ match: "*", tests: [{ name: smoke, task: { taskDefinition: web-smoke } }] }]';
    const deployed = (mode: string, policy: string) =>
      deployedWith({ mode, policy: files.write('policy.yml', policy) });
    const { testing, testTaskDefinitions } = await deployed('enforce', task);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as osls reads it
    expect(testing).toBe('${file(infra/roles/tests/running-tasks.yml)}');
    expect(testTaskDefinitions).toEqual([
      { 'Fn::Sub': expect.stringMatching(/:task-definition\/web-smoke:\*$/) },
    ]);
    expect((await deployed('observe', task)).testing).toEqual({});
    const answered = 'defaults: { tests: [{ name: contract, answeredBy: ci }] }';
    expect(await deployed('enforce', answered)).toMatchObject({ testing: {}, invoking: {} });
    const called = 'defaults: { tests: [{ name: contract, lambda: { function: contract } }] }';
    expect(await deployed('observe', called)).toMatchObject({ testing: {}, invoking: {} });
    const { invoking, testFunctions } = await deployed('enforce', called);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as osls reads it
    expect(invoking).toBe('${file(infra/roles/tests/calling-functions.yml)}');
    expect(testFunctions).toEqual([{ 'Fn::Sub': expect.stringMatching(/:function:contract$/) }]);
  });
});
