import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';
import { instrument, type Mutant } from './instrument';
import type { Target } from './targets';

/** The tests of a target as modules of their own, with every mutant in them. */
export interface Bundled {
  readonly mutants: readonly Mutant[];
  /** In the order of the target's tests. */
  readonly modules: readonly string[];
}

/** Writes the modules into a folder that has to be inside of the project: packages stay outside. */
export async function bundle({ file, tests }: Target, folder: string): Promise<Bundled> {
  const { text, mutants } = instrument(await readFile(path.join(projectFolder, file), 'utf8'));
  const modules = await Promise.all(
    tests.map(async (test, index) => {
      const outfile = path.join(folder, `${index}.mjs`);
      await build({
        absWorkingDir: projectFolder,
        entryPoints: [test],
        outfile,
        bundle: true,
        format: 'esm',
        platform: 'node',
        packages: 'external',
        logLevel: 'error',
        plugins: [exchanged(path.join(projectFolder, file), text), forMutants],
      });
      return outfile;
    }),
  );
  return { mutants, modules };
}

function exchanged(file: string, contents: string): Plugin {
  return {
    name: 'exchanged',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, (loaded) =>
        loaded.path === file ? { contents, loader: 'ts' } : undefined,
      );
    },
  };
}

/** Files that find others beside them find them still, and properties try fewer histories. */
const forMutants: Plugin = {
  name: 'for mutants',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const url = JSON.stringify(new URL(`file://${file}`).href);
      const contents = text
        .replaceAll('import.meta.url', url)
        .replaceAll('process.env.REWIND_HISTORIES_SHARE', JSON.stringify(historiesShare));
      return { contents, loader: 'ts' };
    });
  },
};

/** A thousand histories take six seconds, and most mutants fail one of the first few. */
const historiesShare = '0.06';
