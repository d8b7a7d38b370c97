import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleHandler } from '../../../infra/bundle-functions';
import { projectFolder } from '../../../infra/local/aws/declared/cloudformation';
import { deployedFunction } from '../../../infra/local/aws/declared/deployed-functions';
import { describeAlarms } from './packaged-alarms';
import { describeResources } from './packaged-resources';
import { describeRoles } from './packaged-roles';
import { type PackagedStacks, packageStack, packageStacks } from './packaged-stack';
import { circularDependencies, danglingReferences } from './template-references';

/** Packaging takes seconds: once for everything that is read of it here. */
const stacks = {} as PackagedStacks;
beforeAll(async () => {
  Object.assign(stacks, await packageStacks());
}, 180_000);
afterAll(async () => {
  await stacks.plain?.remove();
  await stacks.full?.remove();
});

const functionNames = [
  'announcer',
  'discovery',
  'guard',
  'hook',
  'ingest',
  'reconciler',
  'recovery',
  'sweep',
];

describe('the packaged stack', () => {
  it('has a zip for every function', async () => {
    for (const name of functionNames) {
      const { size } = await stat(path.join(stacks.plain.folder, `${name}.zip`));
      expect(size).toBeGreaterThan(100_000);
    }
  });

  it('has less than a megabyte of code in each function', async () => {
    for (const name of functionNames) {
      const { bundled } = await bundleHandler(
        projectFolder,
        deployedFunction(name).handler,
        stacks.plain.folder,
      );
      expect((await stat(bundled)).size).toBeLessThan(1024 * 1024);
    }
  });

  it('names nothing that is not in it, and nothing in it waits for itself', () => {
    for (const template of [stacks.plain.template, stacks.full.template]) {
      expect(danglingReferences(template)).toEqual([]);
      expect(circularDependencies(template)).toEqual([]);
    }
  });

  it('is refused when a parameter has a value that means nothing', async () => {
    await expect(packageStack({ mode: 'maybe' })).rejects.toMatchObject({
      stdout: expect.stringContaining('the parameter mode is observe or enforce, not "maybe"'),
    });
  });
});

describeRoles(stacks, functionNames);
describeResources(stacks);
describeAlarms(stacks);
