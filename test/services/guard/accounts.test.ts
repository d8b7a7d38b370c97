import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { type HostedFunction, loadFunction } from '../../../infra/local/aws/functions/function-host';
import { setVariables } from '../../../infra/local/process-environment';
import type { GuardRunCounts } from '../../../services/guard/run-guard';
import { parsePolicyText } from '../../../services/policy/policy-text';
import { openOwnTable } from '../../fixtures/own-table';
import { SimulatedAccounts } from '../../infra/local/simulated-accounts';

const home = { account: '123456789012', region: 'us-east-1' };
const member = { account: '444455556666', region: 'eu-west-1' };
const policy = `
defaults: { native: fast }
accounts:
  "${member.account}": { role: arn:aws:iam::${member.account}:role/rewind-member, regions: [${member.region}] }
`;

let dynamoDb: LocalTable;
let accounts: SimulatedAccounts;
let guard: HostedFunction;
let putBack: () => void;
beforeAll(async () => {
  [dynamoDb, accounts] = await Promise.all([openOwnTable(), SimulatedAccounts.start([home, member])]);
  for (const { account } of [home, member]) {
    call(account, 'CreateCluster', { clusterName: 'prod' });
    const containerDefinitions = [{ name: 'app', image: 'example/web:1' }];
    call(account, 'RegisterTaskDefinition', { family: 'web', containerDefinitions });
    call(account, 'CreateService', { ...web, serviceName: 'web', taskDefinition: 'web', desiredCount: 1 });
  }
  accounts.clock.advanceBy(600);
  putBack = setVariables({
    ...dynamoDb.environment,
    ...accounts.environment,
    REWIND_TABLE: dynamoDb.tableName,
    REWIND_MODE: 'enforce',
    REWIND_ACCOUNT: home.account,
    REWIND_KILL_SWITCH: 'kill-switch',
    AWS_ENDPOINT_URL_SSM: accounts.endpoint,
    REWIND_POLICY: JSON.stringify(parsePolicyText(policy, 'policy.yml')),
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  call(home.account, 'PutParameter', { Name: 'kill-switch', Value: 'off', Type: 'String' });
  guard = await loadFunction({ name: 'guard', environment: {} });
});
afterAll(async () => {
  await guard?.stop();
  putBack?.();
  await accounts?.stop();
  await dynamoDb?.stop();
});

const web = { cluster: 'prod' };

function call(account: string, operation: string, input: object): Record<string, unknown> {
  const caller = { accessKeyId: 'deployer', userAgent: 'test', sourceIpAddress: '127.0.0.1' };
  return accounts.simulatorOf(account).call(operation, input, caller);
}

const configuration = (account: string) => {
  const { services } = call(account, 'DescribeServices', { ...web, services: ['web'] });
  const [service] = services as { deploymentConfiguration: object }[];
  return service?.deploymentConfiguration;
};

describe('the guard of two accounts in two regions', () => {
  it('sets what is declared in both, each by its own credentials', async () => {
    expect(await guard.invoke<GuardRunCounts>({})).toEqual({
      services: 2,
      applied: 2,
      drifted: 0,
      failed: 0,
    });
    for (const { account } of [home, member]) {
      expect(configuration(account)).toMatchObject({
        deploymentCircuitBreaker: { enable: true, rollback: true },
      });
    }
    const wrote = accounts.calls.filter(({ operation }) => operation === 'UpdateService');
    expect(wrote).toEqual([home, member].map((place) => ({ ...place, operation: 'UpdateService' })));
  });
});
