import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { readCloudFormation } from '../../infra/local/aws/declared/cloudformation';

const deploymentOf = createRequire(import.meta.url)('../../infra/parameters.cjs');

function deployedWith(parameters: { readonly [name: string]: string }) {
  const { params } = readCloudFormation<{ params: { default: object } }>('serverless.yml');
  const given: { readonly [name: string]: unknown } = { ...params.default, ...parameters };
  return deploymentOf({ resolveVariable: async (name: string) => given[name.replace('param:', '')] });
}

describe('the parameters of a deployment', () => {
  it('are taken as they are if nothing is said', async () => {
    expect(await deployedWith({})).toMatchObject({ mode: 'observe', archiveDays: 30 });
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
});
