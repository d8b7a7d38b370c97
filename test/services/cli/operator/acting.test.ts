import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseServiceArn } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import type { RollbackWorld } from '../../reconciler/worlds/rollback-world';
import { OperatedAccount } from './operated-account';

let account: OperatedAccount;
let world: RollbackWorld;
beforeAll(async () => {
  account = await OperatedAccount.start(3);
  ({ world } = account);
  await world.deployBad({ crashes: 'at once', breaker: 'none' });
  await world.settle();
}, 60_000);
afterAll(() => account?.stop());

describe('rewind forgive and condemn', () => {
  it('change what has failed here, with who and why, and say how to undo it', async () => {
    const forgiven = await account.rewind('forgive prod/web 2 --yes --reason "its secret was missing"');
    expect(forgiven).toMatchObject({ code: 0, stderr: '' });
    expect(forgiven.stdout).toBe('web:2 is forgiven on prod/web; to undo: rewind condemn prod/web web:2\n');
    const again = await account.rewind('forgive prod/web web:2 --yes');
    expect(again).toMatchObject({ code: 2, stdout: 'web:2 has not failed on prod/web\n' });
    const condemned = await account.rewind('condemn prod/web web:2 --yes --format json');
    expect(JSON.parse(condemned.stdout)).toMatchObject({ schema: 'rewind.act/1', isDone: true });
  });

  it('R137 ask nobody where there is no terminal, and do nothing in a dry run', async () => {
    expect(await account.rewind('forgive prod/web 2')).toMatchObject({ code: 64, stdout: '' });
    const dry = await account.rewind('forgive prod/web 2 --dry-run');
    expect(dry).toMatchObject({ code: 2, stdout: 'would forgive web:2 on prod/web\n' });
  });
});

describe('rewind freeze', () => {
  it('R131 holds a service with a reason and an end, and unfreeze lifts it without deploying', async () => {
    const unsaid = await account.rewind('freeze prod/* --yes');
    expect(unsaid).toMatchObject({ code: 64, stderr: expect.stringContaining('--reason must say why') });
    const frozen = await account.rewind('freeze prod/* --scope rollbacks --yes --reason "Black Friday"');
    expect(frozen).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('to undo: rewind unfreeze prod/web'),
    });
    const { stdout } = await account.rewind('status web');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /frozen frozen by arn:aws:iam::123456789012:user\/operator until .*: "Black Friday" \(rollbacks\)/,
    );
    expect(await account.rewind('unfreeze prod/web --yes')).toMatchObject({ code: 0 });
    expect((await account.rewind('status web')).stdout).not.toContain('frozen');
  });
});

describe('rewind rollback', () => {
  it('shows what there is to go back to, and refuses what failed here or was never registered', async () => {
    const listed = await account.rewind('rollback prod/web --list');
    expect(listed).toMatchObject({ code: 2 });
    expect(listed.stdout).toMatch(/^prod\/web {2}runs web:1\n {2}web:2 {2}failed .*it failed here\n$/);
    const { stdout } = await account.rewind('rollback prod/web --list --format json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'rewind.ways-back/1',
      services: [
        {
          runs: expect.stringMatching(/\/web:1$/),
          waysBack: [
            { standing: 'failed', objection: 'it failed here', lastRollout: { outcome: 'rolledBack' } },
          ],
        },
      ],
    });
    const bad = await account.rewind('rollback prod/web --to 2 --yes');
    expect(bad).toMatchObject({ code: 65, stderr: expect.stringContaining('it failed here') });
    const unknown = await account.rewind('rollback prod/web --to 77 --yes');
    expect(unknown).toMatchObject({ code: 65, stderr: expect.stringContaining('was deleted') });
    expect(await account.rewind('rollback')).toMatchObject({ code: 64, stdout: '' });
  });

  it('R102 goes where the operator says, is known for theirs, and is not taken back though it fails', async () => {
    const dry = await account.rewind('rollback prod/web --to 2 --force --dry-run');
    expect(dry).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('web:1 → web:2 (failed), by UpdateService'),
    });
    const back = await account.rewind('rollback prod/web --to 2 --force --yes --reason "a test"');
    expect(back).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('to undo: rewind rollback prod/web --to web:1'),
    });
    await world.settle();
    const { stdout } = await account.rewind('history prod/web -n 1 --format json');
    expect(JSON.parse(stdout).rollouts).toMatchObject([
      {
        outcome: 'rollbackFailed',
        rollback: null,
        action: 'rollback',
        reason: 'a test',
        by: 'arn:aws:iam::123456789012:user/operator',
        verdict: { result: 'failed' },
      },
    ]);
    const audit = await account.rewind(`audit prod/web ${JSON.parse(stdout).rollouts[0].deployment}`);
    expect(audit.code).toBe(0);
    expect(audit.stdout.replace(/\s+/g, ' ')).toContain(
      'rewind rollback: web:1 to web:2 by arn:aws:iam::123456789012:user/operator: "a test"',
    );
    expect(await account.rewind('wait prod/web --timeout 5s')).toMatchObject({ code: 3 });
  });
});

describe('a command', () => {
  it.each([
    'status nosuch/*',
    'watch nosuch/*',
    'rollback nosuch/* --to stable --yes',
    'deploy nosuch/* --image x:1 --yes',
    'freeze nosuch/* --reason x --yes',
    'unfreeze nosuch/* --yes',
    'history prod/nosuch',
    'diff prod/nosuch',
    'open prod/nosuch',
    'wait prod/nosuch',
    'audit prod/nosuch',
    'retry prod/nosuch --yes',
    'abort prod/nosuch --yes',
    'promote prod/nosuch --yes',
    'pause prod/nosuch --yes',
    'resume prod/nosuch --yes',
    'forgive prod/nosuch 1 --yes',
    'condemn prod/nosuch 1 --yes',
  ])('R120 R135 that finds nothing is never a success, and says so in JSON: rewind %s', async (line) => {
    const before = await account.acts();
    const format = line.startsWith('open') ? '' : ' --format json';
    const { code, stdout, stderr } = await account.rewind(line + format);
    expect({ code, stdout }).toEqual({ code: 66, stdout: '' });
    expect(stderr).toContain('it has prod/web');
    if (format !== '') expect(JSON.parse(stderr)).toMatchObject({ schema: 'rewind.error/1', exitCode: 66 });
    expect(await account.acts()).toEqual(before);
  });

  it('R135 says in JSON what is wrong with its command line, too', async () => {
    const { code, stderr } = await account.rewind('status --format json --exitcode');
    expect({ code, ...JSON.parse(stderr) }).toMatchObject({
      code: 64,
      schema: 'rewind.error/1',
      exitCode: 64,
      error: expect.stringContaining('--exit-code'),
    });
  });

  it('R126 stores a hostile reason whole, and shows it harmless; a longer one is refused', async () => {
    const reason = 'red \u001b[31m\n::error::mine\r\n$HOME `id` 💳 \u202e"quoted"';
    const frozen = await account.rewindWith(['freeze', 'prod/web', '--yes', '--reason', reason]);
    expect(frozen.code).toBe(0);
    expect((await account.acts()).at(-1)).toMatchObject({ action: 'freeze', reason });
    for (const command of ['status web', 'status', 'deploy web --image x:1 --dry-run']) {
      const { stdout, stderr } = await account.rewind(command);
      expect(stdout + stderr, command).not.toMatch(/(?!\n)\p{Cc}|\u202e|^::error/mu);
    }
    expect((await account.rewind('status web')).stdout).toContain('💳');
    expect(await account.rewind('unfreeze prod/web --yes')).toMatchObject({ code: 0 });
    const before = await account.acts();
    const long = ['freeze', 'prod/web', '--yes', '--reason', 'x'.repeat(10_000)];
    expect(await account.rewindWith(long)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('longer than 1000 letters'),
    });
    expect(await account.acts()).toEqual(before);
  });
});

describe('a command that writes', () => {
  it('R118 lists the services of two accounts that have the name, and writes nothing', async () => {
    const other = parseServiceArn('arn:aws:ecs:us-east-1:210987654321:service/prod/web');
    const [started] = await world.events();
    if (started === undefined) throw new Error('the log is not empty');
    await world.log.append({
      event: { ...started, service: other },
      recordedAt: world.clock.now() as Instant,
      notification: null,
    });
    const before = await account.acts();
    for (const line of [
      'forgive prod/web 2 --yes',
      'condemn prod/web 2 --yes',
      'rollback web --to stable --yes',
      'deploy prod/web --image x:1 --yes',
      ...['retry', 'abort', 'promote', 'pause', 'resume', 'unfreeze'].map((act) => `${act} prod/web --yes`),
      'gate prod/web smoke passed --yes',
      'freeze prod/web --yes --reason x',
    ]) {
      const { code, stderr } = await account.rewind(line);
      expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining(other) });
      expect(stderr).toContain('123456789012');
    }
    expect(await account.acts()).toEqual(before);
  });
});
