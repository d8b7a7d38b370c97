import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killSwitch } from '../../../../infra/local/aws/functions/handler-environment';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { OperatedAccount, repository } from './operated-account';

const policies = parsePolicyFile(
  'defaults: { bakeSeconds: 200, rollbackBudget: 20, tests: [{ name: contract, answeredBy: ci }] }',
  'policy',
);
let account: OperatedAccount;
beforeAll(async () => {
  account = await OperatedAccount.start(7, { policies });
  account.push('good', { schemaVersion: 2, layers: ['good'] });
  account.push('better', { schemaVersion: 2, layers: ['better'] });
}, 60_000);
afterAll(() => account?.stop());

const deploy = (tag: string) => account.rewind(`deploy prod/web --image ${repository}:${tag} --yes`);

/** Lets ECS complete what is deployed, and Rewind record that. */
async function complete(): Promise<void> {
  const isComplete = ({ detail }: { detail: { eventName?: unknown } }) =>
    detail.eventName === 'SERVICE_DEPLOYMENT_COMPLETED';
  const completed = () => account.world.notifications.filter(isComplete).length;
  const before = completed();
  await account.world.passUntil(() => completed() > before);
  await wake();
}

async function wake(): Promise<void> {
  account.world.clock.advanceBy(2);
  await account.world.deliver();
  const gate = { before: async () => {}, after: async () => {} };
  await account.world.reconcilerBehind(gate)(account.world.wakeUp());
}

const standing = async () =>
  JSON.parse((await account.rewind('status web --format json')).stdout).services[0];

describe('a rollout in its bake', () => {
  it('is paused by name and with a reason, and resumed', async () => {
    expect(await account.rewind('pause prod/web --yes')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('nothing is judged there just now'),
    });
    await deploy('good');
    await complete();
    const paused = await account.rewind('pause prod/web --until 3000d --reason "the cart looks odd" --yes');
    expect(paused).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('to undo: rewind resume prod/web'),
    });
    account.world.clock.advanceBy(3600);
    await wake();
    expect((await standing()).rollout).toMatchObject({ phase: 'baking', verdict: null });
    const shown = await account.rewind('status web');
    expect(shown.stdout.replace(/\s+/g, ' ')).toContain(
      'paused by arn:aws:iam::123456789012:user/operator until',
    );
    expect(await account.rewind('resume prod/web --yes')).toMatchObject({ code: 0 });
    expect(await account.rewind('resume prod/web --yes')).toMatchObject({ code: 65 });
    await account.world.settle();
    expect((await standing()).rollout).toMatchObject({ outcome: 'succeeded', verdict: { result: 'passed' } });
  });

  it('ends at once where somebody promotes past it, and the audit names them', async () => {
    await deploy('better');
    const early = await account.rewind('promote prod/web --skip-bake --yes');
    expect(early).toMatchObject({ code: 65, stderr: expect.stringContaining('nothing bakes there') });
    await complete();
    const gate = await account.rewind('promote prod/web --yes');
    expect(gate).toMatchObject({ code: 65, stderr: expect.stringContaining('--skip-bake ends that') });
    const promoted = await account.rewind('promote prod/web --skip-bake --reason "baked in staging" --yes');
    expect(promoted).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('to undo: rewind abort prod/web'),
    });
    await wake();
    const { rollout } = await standing();
    expect(rollout).toMatchObject({ outcome: 'succeeded', verdict: { result: 'passed' } });
    const audit = await account.rewind(`audit prod/web ${rollout.deployment}`);
    expect(audit.code).toBe(0);
    expect(audit.stdout.replace(/\s+/g, ' ')).toContain('rewind promote past its bake');
    expect(audit.stdout).toContain('baked in staging');
    await account.world.settle();
  });

  it('R132 is aborted to what has proved itself, whoever promoted it before', async () => {
    const stable = account.runs;
    await deploy('other');
    const left = account.runs;
    await complete();
    await account.rewind('promote prod/web --skip-bake --yes');
    const aborted = await account.rewind('abort prod/web --reason "wrong branch" --yes');
    expect(aborted).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`to undo: rewind retry prod/web ${left}`),
    });
    expect(account.runs).toBe(stable);
    await account.world.settle();
    expect(account.runs).toBe(stable);
    expect((await standing()).rollout).toMatchObject({
      action: 'abort',
      reason: 'wrong branch',
      rollback: null,
    });
    const idle = await account.rewind('abort prod/web --yes');
    expect(idle).toMatchObject({ code: 65, stderr: expect.stringContaining('nothing is under way') });
  });

  it('is aborted while ECS works on it by stopping it, also where only a tag has moved', async () => {
    const stable = account.runs;
    account.push('better', { schemaVersion: 2, layers: ['moved'] });
    await deploy('better');
    expect(account.runs).toBe(stable);
    const before = account.world.simulator.calls.effective('UpdateService').length;
    const aborted = await account.rewind('abort prod/web --yes');
    expect(aborted).toMatchObject({ code: 0, stdout: expect.stringContaining('StopServiceDeployment') });
    await account.world.settle();
    expect(account.runs).toBe(stable);
    expect(account.world.simulator.calls.effective('UpdateService')).toHaveLength(before);
  });
});

describe('a gate of ECS', () => {
  it('R133 is passed by answering every hook of its stage, and what is over has a sentence', async () => {
    const hook = { targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] };
    const deploymentConfiguration = {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 0,
      lifecycleHooks: [hook, { ...hook }],
    };
    const serviceConnectConfiguration = { enabled: true, namespace: 'shop' };
    const gated = { cluster: 'prod', service: 'web', deploymentConfiguration, serviceConnectConfiguration };
    account.world.call('UpdateService', gated);
    await account.world.settle();
    await deploy('gated');
    const waits = () => hooksThatWait().length;
    await account.world.passUntil(() => waits() === 2);
    expect(waits()).toBe(2);
    const dry = await account.rewind('promote prod/web --dry-run');
    expect(dry).toMatchObject({ code: 2, stdout: expect.stringContaining('POST_SCALE_UP') });
    const end = account.world.simulator.faults.fail({
      operation: 'ContinueServiceDeployment',
      error: 'InvalidParameterException',
      message: 'The hook is not awaiting action.',
      times: 1,
    });
    const half = await account.rewind('promote prod/web --yes');
    end();
    expect(half).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has been answered already, or its time'),
    });
    expect(waits()).toBe(1);
    const promoted = await account.rewind('promote prod/web --reason "looks good" --yes');
    expect(promoted).toMatchObject({ code: 0, stdout: expect.stringContaining('✔ POST_SCALE_UP of') });
    expect(waits()).toBe(0);
    await account.world.settle();
  });
});

function hooksThatWait(): unknown[] {
  const { serviceDeployments: briefs } = account.world.call('ListServiceDeployments', {
    cluster: 'prod',
    service: 'web',
  }) as { serviceDeployments: [{ serviceDeploymentArn: string }] };
  const { serviceDeployments } = account.world.call('DescribeServiceDeployments', {
    serviceDeploymentArns: [briefs[0].serviceDeploymentArn],
  }) as { serviceDeployments: [{ lifecycleHookDetails?: { status: string }[] }] };
  const [{ lifecycleHookDetails = [] }] = serviceDeployments;
  return lifecycleHookDetails.filter(({ status }) => status === 'AWAITING_ACTION');
}

describe('a test that is left to a pipeline', () => {
  it('is answered once, by name and with a reason', async () => {
    const gate = (test: string) => account.rewind(`gate prod/web ${test} passed --reason "run 12" --yes`);
    expect(await gate('contract')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('nothing is judged there just now'),
    });
    await deploy('tested');
    await wake();
    expect(await gate('smoke')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('no test smoke is to be answered there: it has contract'),
    });
    expect(await gate('contract')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('the test contract of web:'),
    });
    const [act] = (await account.acts()).slice(-1);
    expect(act).toMatchObject({ action: 'gate', test: 'contract', testResult: 'passed', reason: 'run 12' });
    expect(await gate('contract')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('has answered contract already: passed'),
    });
    await account.world.settle();
  });
});

describe('the kill switch', () => {
  const value = () =>
    (account.world.call('GetParameter', { Name: killSwitch }) as { Parameter: { Value: string } }).Parameter
      .Value;

  it('is thrown with a reason, told to the services with a rollout under way, and released', async () => {
    expect(await account.rewind('stop --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--reason must say why'),
    });
    await deploy('held');
    await wake();
    const stopped = await account.rewind('stop --reason "it takes back what is good" --yes');
    expect(stopped).toMatchObject({ code: 0, stdout: expect.stringContaining('to undo: rewind start') });
    expect(stopped.stdout).toContain('1 service with a rollout under way: prod/web');
    expect(value()).toBe('on');
    const [act] = (await account.acts()).slice(-1);
    expect(act).toMatchObject({ action: 'stop', reason: 'it takes back what is good' });
    const shown = await account.rewind('status web');
    expect(shown.stdout.replace(/\s+/g, ' ')).toContain(
      'by arn:aws:iam::123456789012:user/operator: "it takes back',
    );
    expect(await account.rewind('stop --reason again --yes')).toMatchObject({ code: 2 });
    expect(await account.rewind('start --yes')).toMatchObject({ code: 0 });
    expect(value()).toBe('off');
  });
});
