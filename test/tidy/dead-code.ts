import type { Import } from './imports';
import { exportedNames } from './names';
import type { SourceTree, Violation } from './source-tree';

/**
 * Where programs, tests, declarations and the simulator's public surface begin: nobody has to
 * import it.
 */
const entryPoint =
  /(^|\/)(handler|main)\.ts$|\.test\.ts$|\.d\.m?ts$|^[^/]+$|\.(mjs|cjs|js)$|^infra\/ecs-simulator\/src\/ecs-simulator\.ts$/;

/** Files that nobody imports and no program starts with. */
export function deadFiles(tree: SourceTree, imports: readonly Import[]): Violation[] {
  const imported = new Set(imports.map((found) => found.imported));
  return tree.sources
    .filter(({ file }) => !imported.has(file) && !entryPoint.test(file) && !isNamed(tree, file))
    .map(({ file }) => ({ file, what: 'is imported nowhere' }));
}

/** A file that runs as a process of its own: a script, a page or another program names it. */
function isNamed({ sources, pages, scripts }: SourceTree, file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const isRun = pages.some(({ text }) => text.includes(`tsx ${file}`)) || scripts.includes(`tsx ${file}`);
  return isRun || sources.some((source) => source.file !== file && source.text.includes(`${name}'`));
}

/** Exported names that no other file imports. */
export function deadExports(tree: SourceTree, imports: readonly Import[]): Violation[] {
  return tree.sources
    .filter(({ file }) => !entryPoint.test(file))
    .flatMap((source) => {
      const uses = imports.filter(({ imported }) => imported === source.file);
      if (uses.some(({ names }) => names === null)) return [];
      const used = new Set(uses.flatMap(({ names }) => names ?? []));
      return exportedNames(source)
        .filter((name) => !used.has(name))
        .map((name) => ({ file: source.file, what: `exports ${name}, which no other file imports` }));
    });
}
