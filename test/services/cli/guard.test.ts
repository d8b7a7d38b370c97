import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardedAccount } from '../guard/guarded-account';
import { rewind, temporaryFiles } from './rewind';
import { rewindHere } from './rewind-here';

const files = temporaryFiles();
const policy = files.write('policy.yml', 'services: [{ match: "prod/*", native: fast }]\n');
let account: GuardedAccount;
beforeAll(async () => {
  account = await GuardedAccount.start();
  const { ecs } = account;
  const taskDefinition = await ecs.register();
  for (const serviceName of ['api', 'batch', 'web']) await ecs.create({ serviceName, taskDefinition });
  await ecs.create({
    serviceName: 'legacy',
    taskDefinition,
    deploymentController: { type: 'CODE_DEPLOY' },
  });
  ecs.clock.advanceBy(600);
  await ecs.update({ service: 'batch', taskDefinition: await ecs.register() });
  ecs.clock.advanceBy(1);
});
afterAll(async () => {
  await account?.stop();
});

const writes = () => account.ecs.simulator.calls.effective('UpdateService').length;

describe('rewind guard', () => {
  it('plan shows before, after and why, and exits with 2', async () => {
    const { code, stdout } = await rewindHere([
      'guard',
      'plan',
      'prod/web',
      'prod/legacy',
      '--policy',
      policy,
    ]);
    expect(stdout).toBe(`\
prod/web                                                                                   4 changes
  - deploymentCircuitBreaker.enable                          false
  + deploymentCircuitBreaker.enable                          true
      without it, ECS tries to start failing tasks for as long as nobody looks
  - deploymentCircuitBreaker.rollback                        false
  + deploymentCircuitBreaker.rollback                        true
      without it, a failed deployment stays where it failed
  - deploymentCircuitBreaker.resetOnHealthyTask              true
  + deploymentCircuitBreaker.resetOnHealthyTask              false
      one healthy task now and then would forgive every failure before it
  - deploymentCircuitBreaker.thresholdConfiguration          {"type":"BOUNDED_PERCENT","value":50}
  + deploymentCircuitBreaker.thresholdConfiguration          {"type":"COUNT","value":2}
      how many failed tasks end the deployment

prod/legacy                                                                              unguardable
  · it is deployed by CODE_DEPLOY: ECS has no protection for it, and Rewind cannot take it back

2 services: 1 change, 1 unguardable.
`);
    expect(code).toBe(2);
  });

  it('plan is no success where a filter fits nothing, and says what there is', async () => {
    const plan = (...globs: string[]) => rewindHere(['guard', 'plan', ...globs, '--policy', policy]);
    expect(await plan('nosuch/*')).toMatchObject({
      code: 66,
      stdout: '0 services.\n',
      stderr: expect.stringMatching(
        /^nosuch\/\* fits no service of this .*; it has prod\/api, prod\/batch, /,
      ),
    });
    const bare =
      'web fits no service as cluster/service of this account and region; it has prod/web, prod/api';
    expect(await plan('prod/legacy', 'web')).toMatchObject({
      code: 66,
      stderr: expect.stringContaining(bare),
    });
  });

  it('plan is no success where the policy manages none of the services', async () => {
    const other = files.write('other.yml', 'manage: ["prod/web"]\n');
    const none = files.write('none.yml', 'manage: ["production/*"]\n');
    const unmanaged = await rewindHere(['guard', 'plan', 'prod/api', '--policy', other]);
    expect(unmanaged).toMatchObject({
      code: 66,
      stderr: 'prod/api fits only services that the policy does not manage\n',
    });
    expect(await rewindHere(['guard', 'plan', '--policy', none])).toMatchObject({
      code: 66,
      stderr: expect.stringContaining(
        'the policy manages no service of this account and region; it has prod/api',
      ),
    });
  });

  it('plan says for other tools what it says for people', async () => {
    const { code, stdout } = await rewindHere(['guard', 'plan', '--policy', policy, '--format', 'json']);
    const { services, summary } = JSON.parse(stdout);
    expect(summary).toEqual({ change: 2, busy: 1, unguardable: 1 });
    const web = services.find(({ service }: { service: string }) => service.endsWith('/web'));
    expect(web).toMatchObject({ verdict: 'change', because: null, alarms: [], warnings: [] });
    expect(web.changes[0]).toEqual({
      field: 'deploymentCircuitBreaker.enable',
      before: false,
      after: true,
      because: 'without it, ECS tries to start failing tasks for as long as nobody looks',
    });
    expect(code).toBe(2);
  });

  it('apply does it, leaves out what is being deployed, and ends with a table', async () => {
    const { code, stdout } = await rewind(['guard', 'apply', '--policy', policy, '--yes']);
    expect(stdout.slice(stdout.indexOf('4 services:'))).toBe(`\
4 services: 2 change, 1 busy, 1 unguardable.

service      outcome      changes
prod/batch   busy               4
      a rollout is under way, and is not to change its rules half way; it can be changed when that
      is over, at 2026-01-01T01:10:00Z at the latest
prod/legacy  unguardable        0
      it is deployed by CODE_DEPLOY: ECS has no protection for it, and Rewind cannot take it back
prod/api     applied            4
prod/web     applied            4

1 busy, 1 unguardable, 2 applied.
`);
    expect(code).toBe(2);
    const again = await rewindHere(['guard', 'plan', 'prod/api', 'prod/web', '--policy', policy]);
    expect(again).toMatchObject({ code: 0, stdout: '2 services: 2 right.\n' });
  });

  it('undo gives back what was there', async () => {
    const before = writes();
    const { code, stdout } = await rewindHere(['guard', 'undo', 'prod/w*', '--yes']);
    expect(stdout).toMatch(/^service {3}outcome {6}changes\nprod\/web {2}undone {13}4$/m);
    expect(code).toBe(0);
    expect(writes() - before).toBe(1);
    const noMore = await rewindHere(['guard', 'undo', 'prod/w*', '--yes']);
    expect(noMore).toMatchObject({ code: 0, stdout: 'There was nothing to do.\n' });
  });

  it('undo names a service that it could not look at, and exits with 69', async () => {
    const giveBack = account.ecs.simulator.faults.deny({ operation: 'DescribeServices', resource: 'api' });
    const { code, stdout } = await rewindHere(['guard', 'undo', 'prod/api', '--yes']);
    giveBack();
    expect(stdout).toMatch(/^prod\/api {2}failed {13}0$/m);
    expect(code).toBe(69);
  });

  it('plan looks at the region that it is given', async () => {
    const elsewhere = ['guard', 'plan', '--policy', policy, '--region', 'eu-west-1'];
    expect((await rewindHere(elsewhere)).stderr).not.toContain('unknown option');
  });

  it.each([
    [['apply', '--policy', policy], 64, 'this is no terminal to ask on: say --yes to have it done\n'],
    [
      ['apply', '--policy', policy, '--yes', '--table', ''],
      64,
      'name its stage with --stage, or its table with --table or REWIND_TABLE\n',
    ],
    [['plan'], 64, "required option '--policy <FILE>' not specified\n"],
    [
      ['plan', '--policy', 'none.yml'],
      66,
      'none.yml, the policy file, cannot be read: there is no such file\n',
    ],
  ])('%j ends with one sentence', async (parameters, code, sentence) => {
    const ended = await rewindHere(['guard', ...parameters]);
    expect(ended.stderr.endsWith(sentence)).toBe(true);
    expect(ended.code).toBe(code);
  });

  it('refuses a policy that declares what ECS would refuse', async () => {
    const text = 'services:\n  - match: "*"\n    native:\n      strategy: BLUE_GREEN\n';
    const bad = files.write('bad.yml', text);
    expect(await rewindHere(['guard', 'plan', '--policy', bad])).toEqual({
      code: 78,
      stdout: '',
      stderr: `${bad}, line 4: services[0].native.strategy: ECS wants bakeTimeInMinutes with the strategy BLUE_GREEN (rule blue-green-bakes)\n`,
    });
  });

  it('says what is in the way when AWS cannot be asked', async () => {
    const denied = { error: 'AccessDeniedException' as const, message: 'not authorized' };
    account.ecs.simulator.faults.fail({ operation: 'ListClusters', ...denied });
    const { code, stderr } = await rewindHere(['guard', 'plan', '--policy', policy]);
    expect(stderr).toMatch(
      /^the services of the account cannot be listed: AccessDeniedException: not authorized/,
    );
    expect(code).toBe(69);
  });
});
