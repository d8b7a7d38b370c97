import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { OperatedAccount, repository } from './operated-account';

let account: OperatedAccount;
beforeAll(async () => {
  account = await OperatedAccount.start(5);
  account.push('9f31c2d', { schemaVersion: 2, layers: ['good'] });
  account.push('stable', { schemaVersion: 2, layers: ['good'] });
  account.push('3c4d5e6', {
    schemaVersion: 2,
    annotations: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '5' },
  });
  account.push('latest', { schemaVersion: 2, layers: ['one'] });
}, 60_000);
afterAll(() => account?.stop());

const isCrash = ({ detail }: Notification) => detail.stopCode === 'EssentialContainerExited';
const writes = () => account.world.simulator.calls.effective('UpdateService').length;

describe('rewind deploy', () => {
  it('says what it would do, and asks nobody where there is no terminal', async () => {
    const before = writes();
    const dry = await account.rewind(`deploy prod/web --image ${repository}:9f31c2d --dry-run`);
    expect(dry.code).toBe(2);
    expect(dry.stderr).toContain(`app: example/web:1 → ${repository}:9f31c2d`);
    expect(dry.stderr).toContain('commit: 9f31c2d (by its tag)');
    expect(await account.rewind('deploy prod/web --tag 2')).toMatchObject({ code: 64, stdout: '' });
    expect(await account.rewind('deploy prod/web --yes')).toMatchObject({ code: 64, stdout: '' });
    expect(await account.rewind('deploy prod/web --tag 2 --image x --yes')).toMatchObject({ code: 64 });
    const missing = await account.rewind(`deploy prod/web --image worker=x:1 --yes`);
    expect(missing).toMatchObject({ code: 64, stderr: expect.stringContaining('say --image app=IMAGE') });
    expect(writes()).toBe(before);
  });

  it('R135 registers a copy with the image and its commit, and tells Rewind who and why before', async () => {
    const answer = await account.rewind(
      `deploy prod/web --image ${repository}:9f31c2d --commit 9f31c2d --subject "Retry payments once" --reason "new prices" --yes --format json`,
    );
    expect(answer.code).toBe(0);
    const { schema, services } = JSON.parse(answer.stdout);
    expect(schema).toBe('rewind.deploy/1');
    expect(services).toMatchObject([
      { path: 'prod/web', isRegistered: true, commit: { sha: '9f31c2d', subject: 'Retry payments once' } },
    ]);
    const { taskDefinition } = account.world.call('DescribeTaskDefinition', { taskDefinition: 'web:2' });
    expect(taskDefinition).toMatchObject({
      containerDefinitions: [
        {
          image: `${repository}:9f31c2d`,
          dockerLabels: { 'org.opencontainers.image.revision': '9f31c2d' },
        },
      ],
    });
    const [act] = (await account.acts()).slice(-1);
    expect(act).toMatchObject({ action: 'deploy', reason: 'new prices', target: services[0].to });
    expect(account.runs).toBe('web:2');
    await account.world.settle();
    const history = await account.rewind('history prod/web -n 1');
    expect(history.stdout).toMatch(/web:2 +✔ proven +9f31c2d Retry payments once .*"new prices"/);
  });

  it('R122 leaves alone what runs already under another name, and knows a tag that has moved', async () => {
    const before = writes();
    const same = await account.rewind(`deploy prod/web --tag stable --yes`);
    expect(same).toMatchObject({ code: 0, stderr: expect.stringContaining('runs this very image already') });
    expect(await account.rewind('deploy prod/web --tag stable --yes --if-same fail')).toMatchObject({
      code: 2,
    });
    expect(writes()).toBe(before);
    account.push('9f31c2d', { schemaVersion: 2, layers: ['another'] });
    const moved = await account.rewind('deploy prod/web --tag 9f31c2d --dry-run');
    expect(moved.stderr).toContain('is another image now than the one that runs');
  });

  it('R125 warns of what names no version, is unknown, and of the tool that manages the service', async () => {
    const { serviceArn } = (
      account.world.call('DescribeServices', { cluster: 'prod', services: ['web'] }) as {
        services: [{ serviceArn: string }];
      }
    ).services[0];
    const tags = [{ key: 'managed-by', value: 'terraform' }];
    account.world.call('TagResource', { resourceArn: serviceArn, tags });
    const { stderr } = await account.rewind('deploy prod/web --image example/web --dry-run');
    expect(stderr).toContain('example/web names no version: --pin');
    expect(stderr).toContain('example/web was not looked at in its registry');
    expect(stderr).toContain('Terraform manages prod/web');
    account.world.call('UntagResource', { resourceArn: serviceArn, tagKeys: ['managed-by'] });
  });

  it('R106 does not deploy what ECS registered otherwise than it was given, and names it', async () => {
    const { simulator } = account.world;
    const before = writes();
    const call = simulator.call.bind(simulator);
    simulator.call = (operation, input, caller) => {
      const isRegistered = operation === 'RegisterTaskDefinition';
      return call(
        operation,
        isRegistered ? { ...Object(input), runtimePlatform: { cpuArchitecture: 'ARM64' } } : input,
        caller,
      );
    };
    const { code, stderr } = await account.rewind(`deploy prod/web --image ${repository}:3c4d5e6 --yes`);
    simulator.call = call;
    expect({ code, stderr }).toEqual({
      code: 69,
      stderr: expect.stringMatching(/web:\d+.*runtimePlatform/s),
    });
    expect(writes()).toBe(before);
  });

  it('R123 sends no family without a revision to ECS, and none that is not there', async () => {
    expect(await account.rewind('deploy prod/web --task-definition web --yes')).toMatchObject({ code: 64 });
    expect(await account.rewind('deploy prod/web --task-definition 77 --yes')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('knows no task definition'),
    });
  });

  it('pins the digest that a tag means now', async () => {
    const digest = account.push('latest', { schemaVersion: 2, layers: ['two'] });
    const pinned = await account.rewind('deploy prod/web --tag latest --pin --yes');
    expect(pinned.code).toBe(0);
    const { taskDefinition } = account.world.call('DescribeTaskDefinition', { taskDefinition: account.runs });
    expect(taskDefinition).toMatchObject({ containerDefinitions: [{ image: `${repository}@${digest}` }] });
    await account.world.settle();
    const unknown = await account.rewind('deploy prod/web --image example/web:1 --pin --yes');
    expect(unknown).toMatchObject({ code: 65, stderr: expect.stringContaining('cannot be pinned') });
  });

  it('refuses what is being deployed, what goes back (R121), and what failed here before', async () => {
    expect(await account.rewind('deploy prod/web --tag 3c4d5e6 --yes')).toMatchObject({ code: 0 });
    const bad = account.runs;
    expect(await account.rewind('deploy prod/web --tag 9f31c2d --yes')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining(`${bad} is being rolled out already`),
    });
    const { serviceDeployments } = account.world.call('ListServiceDeployments', {
      cluster: 'prod',
      service: 'web',
    }) as { serviceDeployments: [{ serviceDeploymentArn: string }] };
    await account.world.passUntil(() => account.world.notifications.filter(isCrash).length >= 2);
    const [{ serviceDeploymentArn }] = serviceDeployments;
    account.world.call('StopServiceDeployment', { serviceDeploymentArn });
    const during = await account.rewindAtOnce('deploy prod/web --tag 9f31c2d --yes --supersede');
    expect(during).toMatchObject({ code: 65, stderr: expect.stringContaining('is going back just now') });
    await account.world.settle();
    const again = await account.rewind('deploy prod/web --tag 3c4d5e6 --yes');
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`is the image of ${bad}, which failed here`),
    });
  });

  it('R131 is refused while the service is frozen, unless it insists', async () => {
    const freeze = 'freeze prod/web --scope deploys --until 3000d --reason "Black Friday" --yes';
    expect(await account.rewind(freeze)).toMatchObject({ code: 0 });
    const before = writes();
    const refused = await account.rewind('deploy prod/web --tag 9f31c2d --yes');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /frozen by .*operator until .*: "Black Friday"; nothing was deployed\. --force/,
    );
    expect(await account.rewind('retry prod/web --yes')).toMatchObject({ code: 2 });
    expect(writes()).toBe(before);
    expect(await account.rewind('unfreeze prod/web --yes')).toMatchObject({ code: 0 });
    expect(writes()).toBe(before);
  });

  it('R145 does not deploy over what somebody else has deployed since it looked', async () => {
    const before = await account.acts();
    let hasStepped = false;
    const second = await account.rewind('deploy prod/web --tag 9f31c2d --yes', async () => {
      if (hasStepped || (await account.acts()).length === before.length) return;
      hasStepped = true;
      const update = { cluster: 'prod', service: 'web', taskDefinition: 'web:2' };
      account.world.call('UpdateService', update);
    });
    expect(second).toMatchObject({
      code: 65,
      stdout: '',
      stderr: expect.stringContaining('somebody else has deployed meanwhile'),
    });
    expect(account.runs).toBe('web:2');
    await account.world.settle();
  });
});

describe('rewind retry', () => {
  it('deploys again what was last taken back, and forgives it', async () => {
    const answer = await account.rewind('retry prod/web --reason "its secret is there now" --yes');
    expect(answer.code).toBe(0);
    const [act] = (await account.acts()).slice(-1);
    expect(act).toMatchObject({
      action: 'retry',
      reason: 'its secret is there now',
      commit: { sha: '3c4d5e6' },
    });
    expect(act?.target).toContain(account.runs);
    await account.world.settle();
    const again = await account.rewind('deploy prod/web --tag 3c4d5e6 --yes');
    expect(again, 'it failed again').toMatchObject({ code: 2 });
  });
});

describe('rewind deploy of several services', () => {
  it('R124 goes on with the others where one is refused, and ends with the worst code', async () => {
    account.world.call('CreateService', {
      cluster: 'prod',
      serviceName: 'worker',
      taskDefinition: 'web:2',
      desiredCount: 1,
    });
    account.world.clock.advanceBy(300);
    await account.world.deliver();
    const end = account.world.simulator.faults.deny({ operation: 'UpdateService', resource: 'worker' });
    const answer = await account.rewind('deploy worker web --tag latest --yes --supersede');
    end();
    expect(answer).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('prod/web: UpdateService'),
      stderr: expect.stringContaining('prod/worker is left as it is: AccessDeniedException'),
    });
  });
});
