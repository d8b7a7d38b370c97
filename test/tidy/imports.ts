import path from 'node:path';
import type { SourceFile, SourceTree, Violation } from './source-tree';

/** One import: the names are null where all of the file's names are taken. */
export interface Import {
  readonly from: string;
  /** A path from the root for a file of the project, the package's name for anything else. */
  readonly imported: string;
  readonly names: readonly string[] | null;
}

/**
 * Files that refer to each other because they describe one object graph: a circle of types is
 * allowed there.
 */
const objectModels = ['infra/ecs-simulator/src/model/'];

const extensions = ['', '.ts', '.d.ts', '.mts', '.d.mts', '.mjs', '.cjs', '.js', '/index.ts'];

/** Reads the imports, re-exports and dynamic imports of every file, types included. */
export function readImports(tree: SourceTree): Import[] {
  const known = new Set(tree.files);
  return tree.sources.flatMap((source) =>
    specifiersIn(source).map(({ specifier, names }) => ({
      from: source.file,
      imported: resolveSpecifier(known, source.file, specifier),
      names,
    })),
  );
}

const named = /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^}]*)\}\s*from\s*'([^']+)'/g;
const whole =
  /(?:\bimport\s*\(\s*|\btsImport\(\s*|\brequire\(\s*|\bnew URL\(\s*|^import\s+|\bfrom\s+)['"`]([^'"`\n$]+)['"`]/gm;

function specifiersIn({ text }: SourceFile): { specifier: string; names: readonly string[] | null }[] {
  const found = [...text.matchAll(named)].map(([, names = '', specifier = '']) => ({
    specifier,
    names: names
      .split(',')
      .map((name) =>
        name
          .trim()
          .replace(/^type\s+/, '')
          .replace(/\s+as\s+.*$/, ''),
      )
      .filter((name) => name !== ''),
  }));
  const rest = [...text.replaceAll(named, '').matchAll(whole)].map(([, specifier = '']) => ({
    specifier,
    names: null,
  }));
  return [...found, ...rest];
}

function resolveSpecifier(known: ReadonlySet<string>, from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const target = path.posix.join(path.posix.dirname(from), specifier);
  const extension = extensions.find((candidate) => known.has(target + candidate));
  return target + (extension ?? '');
}

/** Every import that the rule forbids. */
export function forbiddenImports(
  imports: readonly Import[],
  isForbidden: (imported: string, from: string) => boolean,
): Violation[] {
  return imports
    .filter(({ imported, from }) => isForbidden(imported, from))
    .map(({ imported, from }) => ({ file: from, what: `imports ${imported}` }));
}

/** Files that reach themselves by imports, types included. */
export function importCircles(imports: readonly Import[]): Violation[] {
  const next = importedBy(imports.filter(({ from, imported }) => !isInOneModel(from, imported)));
  return [...next.keys()].flatMap((file) => {
    const way = wayBack(next, file);
    return way === null ? [] : [{ file, what: `is in an import circle: ${way.join(' -> ')}` }];
  });
}

function isInOneModel(from: string, imported: string): boolean {
  return objectModels.some((model) => from.startsWith(model) && imported.startsWith(model));
}

function importedBy(imports: readonly Import[]): Map<string, string[]> {
  const next = new Map<string, string[]>();
  for (const { from, imported } of imports) {
    if (from !== imported) next.set(from, [...(next.get(from) ?? []), imported]);
  }
  return next;
}

/** The shortest way from a file back to itself, or null. */
function wayBack(next: ReadonlyMap<string, readonly string[]>, start: string): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const imported of next.get(file) ?? []) {
      if (imported === start) return wayTo(cameFrom, file, [start]);
      if (cameFrom.has(imported)) continue;
      cameFrom.set(imported, file);
      queue.push(imported);
    }
  }
  return null;
}

function wayTo(cameFrom: ReadonlyMap<string, string>, file: string, tail: string[]): string[] {
  const before = cameFrom.get(file);
  return before === undefined ? [file, ...tail] : wayTo(cameFrom, before, [file, ...tail]);
}
