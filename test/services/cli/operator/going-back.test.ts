import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OperatedAccount, repository } from './operated-account';

let account: OperatedAccount;
let first = '';
beforeAll(async () => {
  account = await OperatedAccount.start(9);
  first = account.push('latest', { schemaVersion: 2, layers: ['first'] });
  account.push('3c4d5e6', { schemaVersion: 2, layers: ['second'] });
  for (const tag of ['latest', '3c4d5e6']) {
    await account.rewind(`deploy prod/web --image ${repository}:${tag} --commit c0ffee1 --yes`);
    await account.world.settle();
  }
}, 60_000);
afterAll(() => account?.stop());

function archive(imageTag: string, targetStorageClass: 'ARCHIVE' | 'STANDARD'): void {
  const image = { repositoryName: 'shop/web', imageId: { imageTag }, targetStorageClass };
  account.world.call('UpdateImageStorageClass', image);
}

const acts = async () => (await account.acts()).length;

describe('rewind rollback', () => {
  it('R128 lists what it could not look at in a registry, and says so', async () => {
    const listed = await account.rewind('rollback prod/web --list');
    expect(listed.stdout).toMatch(/web:1 {2}proven .*image not looked at/);
    expect(listed.stdout).toMatch(/web:2 {2}proven .*c0ffee1/);
    expect(listed.stdout).not.toMatch(/web:2 .*image not looked at/);
    const end = account.world.simulator.faults.deny({ operation: 'BatchGetImage' });
    const denied = await account.rewind('rollback prod/web --list');
    end();
    expect(denied.stdout).toMatch(/web:2 .*image not looked at/);
  });

  it('R104 pins what ran where the tag has moved, and without a pin says what may start', async () => {
    account.push('latest', { schemaVersion: 2, layers: ['moved'] });
    const unpinned = await account.rewind('rollback prod/web --to 2 --no-pin --dry-run');
    expect(unpinned.stderr).toContain('a tag of web:2 points to another image now');
    const pinned = await account.rewind('rollback prod/web --to 2 --yes');
    expect(pinned.code).toBe(0);
    const { taskDefinition } = account.world.call('DescribeTaskDefinition', { taskDefinition: account.runs });
    expect(taskDefinition).toMatchObject({ containerDefinitions: [{ image: `${repository}@${first}` }] });
    await account.world.settle();
  });

  it('R103 refuses what is archived before it writes anything, and names another', async () => {
    const before = await acts();
    archive('3c4d5e6', 'ARCHIVE');
    const refused = await account.rewind('rollback prod/web --to 3 --yes');
    const listed = await account.rewind('rollback prod/web --list --format json');
    archive('3c4d5e6', 'STANDARD');
    expect(refused).toMatchObject({ code: 65, stdout: '' });
    expect(refused.stderr).toMatch(/its image is archived, and no task can pull it; web:\d is proven/);
    expect(JSON.parse(listed.stdout).services[0].waysBack).toContainEqual(
      expect.objectContaining({ image: 'archived', taskDefinition: expect.stringMatching(/web:3$/) }),
    );
    expect(await acts()).toBe(before);
    expect((await account.rewind('rollback prod/web --to 3 --dry-run')).code).toBe(2);
  });

  it('R103 deploys no task definition that is INACTIVE: a copy, or where none is wanted, nothing', async () => {
    account.world.call('DeregisterTaskDefinition', { taskDefinition: 'web:3' });
    const before = await acts();
    const refused = await account.rewind('rollback prod/web --to 3 --no-pin --yes');
    expect(refused).toMatchObject({ code: 65, stdout: '' });
    expect(refused.stderr).toMatch(/web:3 is INACTIVE: .* which --no-pin forbids; web:\d is proven/);
    expect(await acts()).toBe(before);
    const copied = await account.rewind('rollback prod/web --to 3 --dry-run');
    expect(copied.stderr).toContain('by UpdateService to a copy of it, pinned to the images that ran');
  });

  it('R103 refuses what was deleted from the registry before it writes anything, and names another', async () => {
    const imageIds = [{ imageTag: '3c4d5e6' }];
    account.world.call('BatchDeleteImage', { repositoryName: 'shop/web', imageIds });
    const before = await acts();
    const refused = await account.rewind('rollback prod/web --to 3 --yes');
    expect(refused).toMatchObject({ code: 65, stdout: '' });
    expect(refused.stderr).toMatch(/its image is gone from the registry; web:\d is proven/);
    expect(await acts()).toBe(before);
  });
});
