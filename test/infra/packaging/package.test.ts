import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('reads less than 800 KB of code when a function starts, and no zod but zod/mini', async () => {
    for (const name of functionNames) {
      const told = path.join(stacks.plain.folder, 'source-maps', name, 'metafile.json');
      const metafile: Metafile = JSON.parse(await readFile(told, 'utf8'));
      const [entry] = Object.entries(metafile.outputs).flatMap(([file, { entryPoint, exports }]) =>
        entryPoint !== undefined && exports.includes('handler') ? file : [],
      );
      const read = startedWith(metafile, entry ?? '');
      const bytes = [...read].reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
      expect(bytes).toBeGreaterThan(100_000);
      expect(bytes).toBeLessThan(800 * 1024);
      const sources = [...read].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
      expect(sources.filter((source) => source.includes('/zod/v4/classic/'))).toEqual([]);
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

/** A file, and all that it imports without being asked to. */
function startedWith({ outputs }: Metafile, file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const { path: imported, kind } of outputs[file]?.imports ?? []) {
    if (kind === 'import-statement') startedWith({ outputs, inputs: {} }, imported, known);
  }
  return known;
}
