import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostedFunction, loadFunction } from '../../../infra/local/aws/functions/function-host';
import { setVariables } from '../../../infra/local/process-environment';
import type { GuardRunCounts } from '../../../services/guard/run-guard';
import { parsePolicyText } from '../../../services/policy/policy-text';
import { GuardedAccount } from './guarded-account';

const killSwitch = '/rewind/test/kill-switch';
let account: GuardedAccount;
let guard: HostedFunction;
let putBack: () => void;
beforeAll(async () => {
  account = await GuardedAccount.start();
  const { ecs } = account;
  await ecs.create({ taskDefinition: await ecs.register() });
  ecs.clock.advanceBy(600);
  setSwitch('on');
  putBack = setVariables({
    REWIND_MODE: 'enforce',
    REWIND_ACCOUNT: '123456789012',
    REWIND_KILL_SWITCH: killSwitch,
    REWIND_POLICY: JSON.stringify(parsePolicyText('defaults: { native: fast }', 'policy.yml')),
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  guard = await loadFunction({ name: 'guard', environment: {} });
});
afterAll(async () => {
  await guard?.stop();
  putBack?.();
  await account?.stop();
});

function setSwitch(value: string): void {
  const parameter = { Name: killSwitch, Type: 'String', Value: value, Overwrite: true };
  account.ecs.call('PutParameter', parameter);
}

const enabled = async () =>
  (await account.ecs.describe()).deploymentConfiguration?.deploymentCircuitBreaker?.enable;
const scheduled = { 'detail-type': 'Scheduled Event', source: 'aws.events' };

describe('the deployed guard', () => {
  it('writes nothing while the kill switch is thrown, and goes on when it is lifted', async () => {
    expect(await guard.invoke<GuardRunCounts>(scheduled)).toEqual({
      services: 1,
      applied: 0,
      drifted: 0,
      failed: 0,
    });
    expect(await enabled()).toBe(false);
    setSwitch('off');
    expect(await guard.invoke<GuardRunCounts>(scheduled)).toEqual({
      services: 1,
      applied: 1,
      drifted: 0,
      failed: 0,
    });
    expect(await enabled()).toBe(true);
  });

  it('is woken by a call that CloudTrail tells of', async () => {
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: false, rollback: true } };
    await account.ecs.update({ deploymentConfiguration });
    const call = account.ecs.notifications.findLast(
      (one) => one['detail-type'] === 'AWS API Call via CloudTrail',
    );
    expect(await guard.invoke<GuardRunCounts>(call)).toEqual({
      services: 1,
      applied: 1,
      drifted: 1,
      failed: 0,
    });
    expect(await enabled()).toBe(true);
  });
});
