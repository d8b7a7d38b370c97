import path from 'node:path';
import type { SourceFile, SourceTree, Violation } from './source-tree';

const link = /\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)\s]*)?\)/g;
const namedPath = /`((?:docs|infra|services|state-machines|test|\.ci|\.github)\/[\w./-]+)`/g;

/** Links and paths in backquotes, in any page, that lead nowhere. */
export function missingPaths({ files, pages }: SourceTree): Violation[] {
  const known = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
  return pages.flatMap((page) => {
    const named = [...linksOf(page), ...pathsNamedBy(page)];
    return named
      .filter((target) => !known.has(target.replace(/\/$/, '')))
      .map((target) => ({ file: page.file, what: `names ${target}, which does not exist` }));
  });
}

function linksOf({ file, text }: SourceFile): string[] {
  return [...text.matchAll(link)].map(([, target = '']) => path.posix.join(path.posix.dirname(file), target));
}

/** Paths from the root; a changelog tells of files that are gone. */
function pathsNamedBy({ file, text }: SourceFile): string[] {
  return file === 'CHANGELOG.md' ? [] : [...text.matchAll(namedPath)].map(([, target = '']) => target);
}

function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}
