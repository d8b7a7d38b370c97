import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OperatedAccount, repository } from './operated-account';

let account: OperatedAccount;
beforeAll(async () => {
  account = await OperatedAccount.start(13);
  await deployByOthers({ image: 'example/web:2', environment: [{ name: 'GIT_SHA', value: 'deadbee1' }] });
  account.push('41', { schemaVersion: 2, config: { digest: pushConfiguration('c0ffee12') } });
  await deployByOthers({ image: `${repository}:41` });
}, 60_000);
afterAll(() => account?.stop());

/** Another tool deploys, and tells Rewind nothing. */
async function deployByOthers(container: object): Promise<void> {
  const containerDefinitions = [{ name: 'app', ...container }];
  account.world.call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
  account.world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: 'web' });
  await account.world.settle();
}

/** The digest of the configuration of an image with the label. */
function pushConfiguration(commit: string): string {
  const configuration = { config: { Labels: { 'org.opencontainers.image.revision': commit } } };
  const layerPartBlob = Buffer.from(JSON.stringify(configuration)).toString('base64');
  const { uploadId } = account.world.call('UploadLayerPart', { repositoryName: 'shop/web', layerPartBlob });
  return String(uploadId);
}

const commits = async () => {
  const { code, stdout } = await account.rewind('history prod/web --format json');
  expect(code).toBe(0);
  return JSON.parse(stdout).rollouts.map(({ commit }: { commit: object | null }) => commit);
};

describe('rewind history and status', () => {
  it('name commits of what others have deployed: by the task definition, else by the label of the image', async () => {
    expect(await commits()).toEqual([
      { sha: 'c0ffee12', subject: null, from: 'registry' },
      { sha: 'deadbee1', subject: null, from: 'task definition' },
      null,
    ]);
    expect((await account.rewind('status prod/web')).stdout).toMatch(/\n {2}commit +c0ffee1\n/);
    const listed = await account.rewind('rollback prod/web --list');
    expect(listed.stdout).toMatch(/web:2 {2}proven .*deadbee/);
  });

  it('show the rest where the registry may not be asked, and the label of no other image', async () => {
    const end = account.world.simulator.faults.deny({ operation: 'GetDownloadUrlForLayer' });
    expect(await commits()).toMatchObject([null, { sha: 'deadbee1' }, null]);
    end();
    account.push('41', { schemaVersion: 2, config: { digest: pushConfiguration('facade12') } });
    expect(await commits()).toMatchObject([{ sha: 'c0ffee12' }, { sha: 'deadbee1' }, null]);
  });
});
